export { acme } from '../../fixture-app/lib/acme'
