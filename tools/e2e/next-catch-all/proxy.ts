import { proxy as latchkey } from '../next-app/lib/auth'

export const proxy = latchkey

export const config = { matcher: '/((?!_next/).*)' }
