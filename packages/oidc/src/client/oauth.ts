// What is used of oauth4webapi, by name: an `import()` of the library itself would bring all of it into a bundle.
export {
  modifyAssertion,
  PrivateKeyJwt,
  processGenericTokenEndpointResponse,
} from 'oauth4webapi'
