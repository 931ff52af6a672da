import { SessionProvider } from '@latchkey/react'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionView } from '../app/session/session-view'

// Set by the server: where the back end is, if it is not on this origin.
const basePath = document.documentElement.dataset.basePath

function App() {
  const [isThere, setThere] = useState(true)
  return (
    <>
      {isThere && (
        <SessionProvider {...(basePath !== undefined && { basePath })}>
          <SessionView returnTo="/session" />
        </SessionProvider>
      )}
      <button type="button" onClick={() => setThere(!isThere)}>
        Take away or bring back
      </button>
    </>
  )
}

const root = document.querySelector('#root')
if (root === null) throw new Error('The page has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
