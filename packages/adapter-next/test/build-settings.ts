/**
 * The text of a `next.config.mjs` with these options, for a build of a test: it makes nothing for a build to come, for
 * whoever debugs or for whoever deploys, which takes half of the time.
 *
 * @param minified Whether what browsers and servers load is minified, as in the build of an app.
 */
export function nextConfigText(
  version: 15 | 16,
  options: Readonly<Record<string, unknown>>,
  minified: boolean,
): string {
  if (version === 16) {
    const experimental = {
      cpus: 1,
      // A build with other options hardly gains by it.
      turbopackFileSystemCacheForBuild: false,
      turbopackSourceMaps: false,
      turbopackMinify: minified,
    }
    return `export default ${JSON.stringify({ experimental, ...options })}\n`
  }
  const settings = {
    experimental: { cpus: 1, serverMinification: minified },
    // The list of the files to deploy, which takes as long as the rest of the build.
    outputFileTracingExcludes: { '*': ['**/*'] },
    ...options,
  }
  return `export default {
  ...${JSON.stringify(settings)},
  webpack: (config) => {
    config.cache = false
    config.optimization.minimize &&= ${minified}
    return config
  },
}
`
}
