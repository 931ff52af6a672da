/** The style of every page: one narrow column, light and dark by the reader's own setting. */
export const styleSheet: string = `
:root { color-scheme: light dark; --ink: #1c1b22; --quiet: #55535f; --paper: #f6f5f2; --card: #ffffff; --line: #8b8896; --accent: #3b3bb3; --on-accent: #ffffff; --good: #14663a; --bad: #a3182c; --banner: #fff1c2; --on-banner: #4a3500; }
@media (prefers-color-scheme: dark) { :root { --ink: #edecf2; --quiet: #b4b1bf; --paper: #16151b; --card: #211f29; --line: #7f7b8d; --accent: #b3b3ff; --on-accent: #16151b; --good: #7ddba2; --bad: #ff9aa8; --banner: #3d2f00; --on-banner: #ffe08a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header { background: var(--banner); color: var(--on-banner); }
header p, main { max-width: 44rem; margin: 0 auto; padding: 0.75rem 1.25rem; }
main { padding-block: 1.5rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0 1rem; text-wrap: balance; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
p { margin: 0 0 1rem; max-width: 60ch; }
.quiet { color: var(--quiet); }
form { display: grid; gap: 0.75rem; margin: 1.25rem 0; }
button { display: block; width: 100%; min-height: 3rem; padding: 0.6rem 1rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--card); color: inherit; font: inherit; text-align: start; cursor: pointer; }
button span { display: block; color: var(--quiet); font-size: 0.9rem; overflow-wrap: anywhere; }
button:hover { border-color: var(--accent); }
button.first { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.first span { color: inherit; }
button.plain { background: none; text-align: center; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
dl, .checks { margin: 0; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; }
dt { color: var(--quiet); font-size: 0.9rem; }
dd { margin: 0 0 0.6rem; overflow-wrap: anywhere; }
.checks { list-style: none; }
.checks li { display: grid; grid-template-columns: max-content 1fr; gap: 0.75rem; padding: 0.3rem 0; overflow-wrap: anywhere; }
.passed { color: var(--good); font-weight: 600; }
.failed { color: var(--bad); font-weight: 600; }
`
