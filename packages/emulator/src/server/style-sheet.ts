/** The style of every page: one narrow card in the system's own colour, light and dark by the reader's setting. */
export const styleSheet: string = `
:root { color-scheme: light dark; --ink: #1c1b22; --quiet: #55535f; --paper: #f4f3f0; --card: #ffffff; --line: #d5d2dc; --edge: #8b8896; --on-accent: #ffffff; --good: #14663a; --bad: #a3182c; --banner: #fff1c2; --on-banner: #4a3500; }
.Wristband { --accent: #3b3bb3; --tint: #ececfa; }
.Wink { --accent: #0b6070; --tint: #e2f1f3; }
.Wise { --accent: #8a3f0c; --tint: #faeee2; }
@media (prefers-color-scheme: dark) {
:root { --ink: #edecf2; --quiet: #b4b1bf; --paper: #141318; --card: #1f1d27; --line: #3b3846; --edge: #7f7b8d; --on-accent: #16151b; --good: #7ddba2; --bad: #ff9aa8; --banner: #3d2f00; --on-banner: #ffe08a; }
.Wristband { --accent: #b3b3ff; --tint: #2d2c48; }
.Wink { --accent: #7ad7e6; --tint: #173840; }
.Wise { --accent: #ffb783; --tint: #43291a; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header { background: var(--banner); color: var(--on-banner); }
header p { max-width: 44rem; margin: 0 auto; padding: 0.6rem 1.25rem; text-align: center; text-wrap: balance; }
main { width: calc(100% - 2rem); max-width: 30rem; margin: 1rem auto 3rem; padding: 1.5rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-top: 4px solid var(--accent); border-radius: 0.75rem; }
main:has(dl, .checks) { max-width: 44rem; }
@media (min-width: 40rem) { main { margin-top: 4rem; padding: 2rem 2.25rem; } }
.mark { display: block; width: 3rem; height: 3rem; padding: 0.5rem; border-radius: 0.75rem; background: var(--tint); color: var(--accent); }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 1rem 0 0.5rem; text-wrap: balance; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
p { margin: 0 0 1rem; max-width: 60ch; text-wrap: pretty; }
main > :last-child { margin-bottom: 0; }
.quiet { color: var(--quiet); }
form { display: grid; gap: 0.6rem; margin: 1.25rem 0 0; }
button { display: grid; grid-template-columns: auto 1fr; column-gap: 0.85rem; align-items: center; width: 100%; min-height: 3rem; padding: 0.6rem 0.9rem; border: 1px solid var(--edge); border-radius: 0.6rem; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; overflow-wrap: anywhere; }
button i { grid-row: span 2; display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%; background: var(--tint); color: var(--accent); font-style: normal; font-size: 0.85rem; font-weight: 600; }
button span { grid-column: -2; color: var(--quiet); font-size: 0.9rem; }
button:hover { border-color: var(--accent); background: var(--tint); }
button.first { border: 2px solid var(--accent); }
button.plain { display: block; text-align: center; }
button.go { display: block; background: var(--accent); border-color: var(--accent); color: var(--on-accent); text-align: center; font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
dl, .checks { margin: 0; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: 0.6rem; }
dt { color: var(--quiet); font-size: 0.9rem; }
dd { margin: 0 0 0.6rem; overflow-wrap: anywhere; }
.checks { list-style: none; }
.checks li { display: grid; grid-template-columns: max-content 1fr; gap: 0.75rem; padding: 0.3rem 0; overflow-wrap: anywhere; }
.passed { color: var(--good); font-weight: 600; }
.failed { color: var(--bad); font-weight: 600; }
`
