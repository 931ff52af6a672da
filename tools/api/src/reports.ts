import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from '@microsoft/api-extractor'
import type { Entry, PublicPackage } from './entries.ts'

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
}

/**
 * Writes what each entry of a built package exports into the package's folder `api`; or, to check, only compares.
 *
 * @returns The entries whose reports are not what they export, from the root.
 */
export function reportApi({ folder, entries }: PublicPackage, root: string, isCheck: boolean): readonly string[] {
  const files = entries.map(({ types }) => types)
  const configs = entries.map((entry) => configOf(entry, folder, files))
  const [first] = configs
  if (first === undefined) return []
  mkdirSync(join(folder, 'api'), { recursive: true })
  const compilerState = CompilerState.create(first, { additionalEntryPoints: files })
  return configs.flatMap((config) => {
    const { apiReportChanged, errorCount } = Extractor.invoke(config, {
      compilerState,
      localBuild: !isCheck,
      messageCallback: quiet,
    })
    const entry = relative(root, config.mainEntryPointFilePath)
    if (errorCount > 0) throw new Error(`There is no report of ${entry}`)
    return isCheck && apiReportChanged ? [entry] : []
  })
}

function configOf({ name, types }: Entry, folder: string, files: readonly string[]): ExtractorConfig {
  const [, ...words] = name.split('/')
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      compiler: { overrideTsconfig: { compilerOptions, files } },
      apiReport: {
        enabled: true,
        reportFileName: words.join('-'),
        reportFolder: join(folder, 'api'),
        reportTempFolder: join(folder, 'node_modules/.cache'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.None },
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  })
}

/** What it has to say stands in the reports. */
function quiet(message: ExtractorMessage): void {
  // oxlint-disable-next-line eslint/no-param-reassign -- its way to say that a message was seen
  if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true
}
