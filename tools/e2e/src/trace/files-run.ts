import { type Profiler, Session } from 'node:inspector/promises'

const ours = /packages\/(?:core|oidc|core-wristband)\/src\/.*$/

/** Starts to note which files run. */
export async function watchFiles(): Promise<{
  /** The files of which a function has run since the last call, or since the start. Loading a file does not count. */
  take(): Promise<readonly string[]>
  stop(): void
}> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const take = async (): Promise<readonly string[]> => {
    const { result } = await session.post('Profiler.takePreciseCoverage')
    return result.filter(hasRun).flatMap(({ url }) => ours.exec(url) ?? [])
  }
  await take()
  return { take, stop: () => session.disconnect() }
}

function hasRun({ functions }: Profiler.ScriptCoverage): boolean {
  // What begins at 0 is the file itself.
  return functions.some(({ ranges: [range] }) => range !== undefined && range.startOffset > 0 && range.count > 0)
}
