import {
  redirectToLogout,
  useWristbandAuth,
  useWristbandSession,
  useWristbandToken,
  WristbandAuthProvider,
} from '@wristband/react-client-auth'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'

/** A page as the SDK's own documents write it. */
function Page() {
  const { authStatus } = useWristbandAuth()
  const { userId, tenantId, metadata } = useWristbandSession()
  const { getToken } = useWristbandToken()
  const [token, setToken] = useState('')
  const show = () =>
    getToken().then(
      (given) => setToken(given),
      (error) => setToken(error.code),
    )
  return (
    <main>
      <p id="status">{authStatus}</p>
      <p id="user">{`${userId} of ${tenantId}, ${metadata.name}`}</p>
      <p id="token">{token}</p>
      <button type="button" id="get-token" onClick={show}>
        Token
      </button>
      <button
        type="button"
        id="sign-out"
        onClick={() => redirectToLogout('/auth/wristband/sdk/logout?return_url=/bye', { tenantName: 'acme' })}
      >
        Sign out
      </button>
    </main>
  )
}

createRoot(document.querySelector('#root')).render(
  <WristbandAuthProvider
    loginUrl="/auth/wristband/login"
    sessionUrl="/auth/wristband/sdk/session"
    tokenUrl="/auth/wristband/sdk/token"
  >
    <Page />
  </WristbandAuthProvider>,
)
