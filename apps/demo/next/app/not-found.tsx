import { Back } from '../components/back.tsx'

export default function NotFound() {
  return (
    <>
      <h1>Page not found</h1>
      <p>There is no page at this address.</p>
      <Back />
    </>
  )
}
