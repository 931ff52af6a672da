import type { SessionKeeper } from './session-keeper.ts'

/** Keeps no sessions: the app has its own, and its guards ask those. */
export const ownSessions: SessionKeeper = {
  read: async () => null,
  begin: async () => {},
  update: async () => null,
  isDueForWriting: () => false,
  end: async () => {},
}
