/**
 * Verification of tokens: JWTs and ID tokens, with a cache of the provider's keys. It loads no OAuth client.
 *
 * @module
 */

export type { SignatureAlgorithm } from '@latchkey/core/crypto'
export { authenticationTime, defaultToleranceSeconds, readClaim, timeOf } from './claims.ts'
export type { IdTokenRequirement } from './id-token.ts'
export { verifyIdToken } from './id-token.ts'
export type { Jwks, JwksOptions, KeyTrust } from './jwks.ts'
export { createJwks } from './jwks.ts'
export type { TokenVerifier } from './token-verifier.ts'
export { createTokenVerifier } from './token-verifier.ts'
export type { VerifiedJwt, VerifyJwtOptions } from './verify-jwt.ts'
export { verifyJwt } from './verify-jwt.ts'
