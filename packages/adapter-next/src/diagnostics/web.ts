/** Publishes events where tools listen: nowhere, for this runtime has no `node:diagnostics_channel`. */
export const publishEvent = null
