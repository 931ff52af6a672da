/** Something that was counted, and what it must be. */
export interface Figure {
  readonly name: string
  readonly counted: string
  readonly required: string
  readonly holds: boolean
}
