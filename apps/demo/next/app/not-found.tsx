export default function NotFound() {
  return (
    <>
      <h1>Nothing is here</h1>
      <p>This address belongs to no page.</p>
      <p>
        <a className="button" href="/">
          Back to the start
        </a>
      </p>
    </>
  )
}
