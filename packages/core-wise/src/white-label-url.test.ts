import { expect, it } from 'vitest'
import { whiteLabelOrigin } from './white-label-url.ts'

it.each([
  ['xyz.onlineclass.site', 'https://xyz.onlineclass.site'],
  ['https://xyz.onlineclass.site', 'https://xyz.onlineclass.site'],
  ['https://xyz.onlineclass.site/', 'https://xyz.onlineclass.site'],
  ['xyz.onlineclass.site/', 'https://xyz.onlineclass.site'],
  ['HTTPS://XYZ.OnlineClass.Site', 'https://xyz.onlineclass.site'],
  ['https://learn.school.example:8443', 'https://learn.school.example:8443'],
  ['https://learn.school.example:443', 'https://learn.school.example'],
  ['lernen-für-alle.example', 'https://xn--lernen-fr-alle-nsb.example'],
  ['http://localhost:4003', 'http://localhost:4003'],
  ['http://wise.localhost:4003/', 'http://wise.localhost:4003'],
  ['http://127.0.0.1:4003', 'http://127.0.0.1:4003'],
  ['http://[::1]:4003', 'http://[::1]:4003'],
  ['localhost:4003', 'https://localhost:4003'],
])('reads %s as %s', (text, origin) => {
  expect(whiteLabelOrigin(text)).toBe(origin)
})

it.each([
  '',
  'https://',
  '/',
  'https://xyz.onlineclass.site/path',
  'xyz.onlineclass.site/identity-based-login',
  'https://xyz.onlineclass.site//',
  'https:///xyz.onlineclass.site',
  '//xyz.onlineclass.site',
  'https://xyz.onlineclass.site?a=1',
  'https://xyz.onlineclass.site?',
  'https://xyz.onlineclass.site#',
  'https://user@xyz.onlineclass.site',
  'https://user:word@xyz.onlineclass.site',
  '@xyz.onlineclass.site',
  'https:xyz.onlineclass.site',
  'https:\\\\xyz.onlineclass.site',
  ' xyz.onlineclass.site',
  'xyz.onlineclass.site\n',
  'xyz.online\tclass.site',
  'xyz.onlineclass.site%2fx',
  'http://xyz.onlineclass.site',
  'http://10.0.0.1',
  'http://localhost.evil.example',
  'http://127.0.0.1.evil.example',
  'http://0.0.0.0:4003',
  'http://notlocalhost',
  'ftp://xyz.onlineclass.site',
  'javascript:alert(1)',
  'xyz.onlineclass.site:port',
  '{WISE_WHITELABEL_URL}',
  '*.onlineclass.site',
])('refuses %j', (text) => {
  expect(whiteLabelOrigin(text)).toBeNull()
})
