export type { VendorFetchInit } from './exchange.ts'
export type { VendorHttp, VendorHttpOptions, VendorRequest } from './vendor-http.ts'
export { createVendorHttp } from './vendor-http.ts'
