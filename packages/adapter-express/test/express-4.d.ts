declare module 'express-4' {
  import express from 'express'

  /** What the tests use of it is the same. */
  export default express
}
