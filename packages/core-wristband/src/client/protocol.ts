// What is loaded with the first request to Wristband, or about one of its tokens: see `loadProtocol`.
export { createBearerVerifier } from './access-token.ts'
export { finishLogin } from './finish-login.ts'
export { createMachineTokens } from './machine-token.ts'
export { refresh, refreshIdentity, revoke } from './refresh.ts'
export { startLogin } from './start-login.ts'
export { userinfo } from './userinfo.ts'
