// What is used of oauth4webapi, by name: an `import()` of the library itself would bring all of it into a bundle.
export {
  // oxlint-disable-next-line typescript/no-deprecated -- endpoints were checked before: http is on loopback only
  allowInsecureRequests,
  customFetch,
  genericTokenEndpointRequest,
  modifyAssertion,
  PrivateKeyJwt,
  processGenericTokenEndpointResponse,
} from 'oauth4webapi'
