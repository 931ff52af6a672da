import { winkSettings } from '../../../../src/wink-settings.ts'
import { Back } from '../../../components/back.tsx'
import { WinkCallback } from '../../../components/wink-callback.tsx'
import { demo } from '../../../lib/auth.ts'

export const metadata = { title: 'Signing in with Wink' }

export default function Callback() {
  return (
    <>
      <h1>Signing in with Wink</h1>
      <WinkCallback settings={winkSettings(demo().environment)} />
      <Back />
    </>
  )
}
