export default function HomePage() {
  return <main>The same for everyone</main>
}
