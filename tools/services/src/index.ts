export { findChromium } from './chromium.ts'
export { describeWithBrowser } from './describe-with-browser.ts'
export { launchBrowser } from './launch-browser.ts'
