/** What `createVault` makes. */
export interface Vault {
  readonly shared: boolean
}
