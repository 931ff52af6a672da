import type { RedisClientType } from 'redis'

/** Lets time pass for all keys of a Redis, at once. */
export async function passTime(client: RedisClientType, seconds: number): Promise<void> {
  const keys = await client.keys('*')
  await Promise.all(keys.map(async (key) => client.pExpire(key, (await client.pTTL(key)) - seconds * 1000)))
}
