import type { Flood } from './flood.ts'
import type { FloodTarget } from './flooded-app.ts'
import { callbackFloods, startFloods } from './login-floods.ts'
import { sessionFloods, tokenFloods } from './other-floods.ts'

/** What an attacker without an account can send, again and again. */
export function floodsOf(target: FloodTarget): readonly Flood[] {
  return [...sessionFloods(target), ...startFloods(target), ...callbackFloods(target), ...tokenFloods(target)]
}
