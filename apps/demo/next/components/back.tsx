/** The link to the front page. */
export function Back() {
  return (
    <p>
      <a className="button" href="/">
        Back to the start
      </a>
    </p>
  )
}
