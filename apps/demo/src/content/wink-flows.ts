/** How one of Wink's two flows signs a user in, and where the tokens are meanwhile. */
export interface WinkFlowText {
  readonly title: string
  readonly does: string
  readonly tokens: string
}

/** The two flows, between which a visitor chooses. */
export const winkFlows: Readonly<Record<'server' | 'browser', WinkFlowText>> = {
  server: {
    title: 'Server flow',
    does: 'The app’s back end runs the login. Wink returns a code to it.',
    tokens: 'Only in the back end, which verifies them and keeps none. No page ever has one.',
  },
  browser: {
    title: 'Browser flow',
    does: 'Wink’s SDK runs the login in your browser: on a page of its own, or in an overlay.',
    tokens:
      'In the memory of the page that finishes the login, until you leave it or the overlay closes. It sends them to the back end, which verifies them and keeps none.',
  },
}

/** What the card about tokens says before its list. */
export const winkTokensText =
  'Looked up in this page, just now. The session cookie is not in the list: no script can read it, and it holds no token of Wink’s.'

/** What asking Wink silently does. */
export const winkProlongText =
  'Ask Wink in a hidden frame whether it still knows you. The session’s idle time begins anew, and the tokens are in this page until you leave it.'

/** What the callback page says until the sign-in has ended. */
export const winkCallbackText = 'One moment: this page redeems the code at Wink and sends the tokens to the back end.'
