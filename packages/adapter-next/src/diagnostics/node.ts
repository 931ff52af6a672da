export { publishEvent } from '@latchkey/core/adapter/node'
