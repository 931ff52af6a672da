import { Back } from '../components/back.tsx'

export default function NotFound() {
  return (
    <>
      <h1>Nothing is here</h1>
      <p>This address belongs to no page.</p>
      <Back />
    </>
  )
}
