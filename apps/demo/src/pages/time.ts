/** A moment as the demo's pages write it. */
export function time(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(11, 19)} UTC`
}
