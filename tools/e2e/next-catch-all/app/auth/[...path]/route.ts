import { handlers } from '../../../../next-app/lib/auth'

export const { GET, POST } = handlers
