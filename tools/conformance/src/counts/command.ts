import { certifiedFigures } from './certified-figures.ts'
import { jwksFigures } from './jwks-figures.ts'
import { refreshFigures } from './refresh-figures.ts'

// `pnpm counts`: what providers are asked, counted at the provider. Fails when a figure is not what it must be.
const figures = [...(await jwksFigures()), ...(await refreshFigures()), ...(await certifiedFigures())]
for (const { name, counted, required, holds } of figures) {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${name}: ${counted} (must be: ${required})`)
}
const broken = figures.filter(({ holds }) => !holds).length
console.log(`${figures.length - broken} of ${figures.length} figures hold.`)
process.exitCode = broken === 0 ? 0 : 1
