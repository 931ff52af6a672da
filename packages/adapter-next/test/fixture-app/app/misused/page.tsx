import { Ask } from './ask'

export default function MisusedPage() {
  return <Ask />
}
