/** What a provider of the demo's fourth card is made with, as the app has it. */
export function fiveLines(issuer: string): string {
  return `oidcProvider({
  name: 'oidc',
  issuer: '${issuer}',
  clientId, clientSecret,
})`
}
