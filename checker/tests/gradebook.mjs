// Opens the gradebook's pages as a reader does, and says what such a reader would suffer from.
//   node gradebook.mjs PAGES [--pictures FOLDER]
// PAGES has large/ and small/, each with gradebook.html and students/ (checker/tests/gradebook.cpp). Exit status 77: no Chromium.
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { browser, chromium } from '../../slides/tools/frames.mjs'

const [pages, , pictures] = process.argv.slice(2)
if (!chromium()) {
  console.error('there is no Chromium (this installs it: apt-get install chromium)')
  process.exit(77)
}
if (pictures) mkdirSync(pictures, { recursive: true })
const longest = 1000 // milliseconds, for a sort or a keystroke
let faults = 0
const check = (holds, what) => {
  if (holds) return
  faults += 1
  console.error(what)
}

const chrome = await browser()

/// A page that is watched: whatever it writes to the console, and whatever it asks for, is a fault.
async function open(file, { width = 1280, height = 800, media = [], script = true } = {}) {
  const page = await chrome.newPage()
  page.setDefaultTimeout(300_000) // a machine at work
  page.on('console', message => check(message.type() !== 'error', `${file}: error to the console: ${message.text()}`))
  page.on('pageerror', error => check(false, `${file}: error: ${error.message}`))
  page.on('dialog', dialog => check(false, `${file}: a dialog: ${dialog.message()}`))
  const address = pathToFileURL(join(pages, file)).href
  page.on('request', request => check(request.url() === address, `${file}: asks for ${request.url()}`))
  await page.setJavaScriptEnabled(script)
  await page.setViewport({ width, height })
  await page.emulateMediaFeatures(media)
  page.clock = await page.createCDPSession()
  await page.clock.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(address, { waitUntil: 'load' })
  return page
}

// In one call: a thousand rows one by one would take minutes.
const column_texts = (page, column) =>
  page.evaluate(c => [...document.querySelectorAll('#grades tbody tr:not([hidden])')].map(r => r.cells[c].textContent.trim()), column)

/// Milliseconds of the processor's own time until what `act` does, code in the page, has been laid out and painted: what else the
/// machine does meanwhile is not the page's fault. (The page's policy lets no code be made there: it comes as a whole.)
async function timed(page, act, given) {
  const spent = async () => {
    const { metrics } = await page.clock.send('Performance.getMetrics')
    return 1000 * metrics.find(m => m.name === 'TaskDuration').value
  }
  const before = await spent()
  await page.evaluate(`new Promise(done => {
    const given = ${JSON.stringify(given)}
    ${act}
    requestAnimationFrame(() => setTimeout(done))
  })`)
  return (await spent()) - before
}

async function sorts(file) {
  const page = await open(file)
  const heads = await page.$$eval('#grades thead th', all =>
    all.map(th => ({ is_number: th.matches('.number, .counts'), buttons: th.querySelectorAll('button').length })),
  )
  const names = () =>
    page.evaluate(() => [...document.querySelectorAll('#grades tbody th')].map(th => th.textContent).toSorted().join())
  const all_rows = await names()
  let slowest = 0
  for (const [column, { is_number, buttons }] of heads.entries()) {
    check(buttons === 1, `${file}: column ${column} has ${buttons} buttons`)
    for (const turn of [0, 1]) {
      const press = 'document.querySelectorAll("#grades thead button")[given].click()'
      slowest = Math.max(slowest, await timed(page, press, column))
      const said = await page.$$eval('#grades thead th', all => all.map(th => th.getAttribute('aria-sort')))
      const direction = (turn === 0) === is_number ? 'descending' : 'ascending' // points down first, names up
      check(said[column] === direction && said.filter(Boolean).length === 1, `${file}: column ${column} says ${said}`)
      const texts = await column_texts(page, column)
      const values = is_number ? texts.map(parseFloat) : texts
      const there = values.filter(v => v !== '' && !Number.isNaN(v))
      const missing = v => v === '' || Number.isNaN(v)
      check(!values.slice(0, there.length).some(missing), `${file}: column ${column}: what is missing does not come last`)
      const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
      const in_order = (a, b) => (direction === 'ascending' ? 1 : -1) * (is_number ? a - b : compare(a, b)) <= 0
      check(there.every((v, i) => i === 0 || in_order(there[i - 1], v)), `${file}: column ${column} is not ${direction}`)
    }
  }
  check((await names()) === all_rows, `${file}: rows were lost by sorting`)
  await page.close()
  return slowest
}

async function searches(file) {
  const page = await open(file)
  const type = 'const f = document.querySelector("#search input"); f.value = given; f.dispatchEvent(new Event("input"))'
  let slowest = 0
  const look_for = async word => {
    slowest = Math.max(slowest, await timed(page, type, word))
    return column_texts(page, 0)
  }
  const all = await column_texts(page, 0)
  for (const word of ['z', 'zo', 'zoe', 'zoe nr0001', 'Ольга', 'ngoc', '<script', 'id89', 'e', ''])
    if (word.startsWith('zoe ')) check((await look_for(word)).join() === 'Zoë Nr0001', `${file}: "${word}" finds another`)
    else if (word) check((await look_for(word)).length > 0, `${file}: "${word}" finds nobody`)
  await look_for('zoe')
  const said = await page.$eval('#search output', o => o.textContent)
  const shown = (await column_texts(page, 0)).length
  const count = await page.evaluate(() => document.querySelectorAll('#grades tbody tr').length)
  check(said === `${shown} of ${count} students`, `${file}: it says "${said}" of ${shown}`)
  check((await look_for('nobody is called that')).length === 0, `${file}: a name that nobody has is found`)
  check((await look_for('')).length === all.length, `${file}: an empty search hides somebody`)
  if (count > all.length) {
    await page.click('#search button')
    check((await column_texts(page, 0)).length === count, `${file}: not all are shown where all were asked for`)
  }
  await page.close()
  return slowest
}

/// What a name could do to a page: make an element, run, lead elsewhere, turn a line round.
async function is_harmless(file) {
  const page = await open(file)
  const { title, strange, links } = await page.evaluate(() => ({
    title: document.title,
    strange: [
      ...document.querySelectorAll(
        'img, iframe, object, embed, h1 *:not(bdi), form, link, base, [onerror], [onmouseover], [style]',
      ),
    ].map(e => e.outerHTML),
    links: [...document.querySelectorAll('a')]
      .map(a => a.getAttribute('href'))
      .filter(h => !/^(students\/[\w.-]+\.html)?(#[\w./%-]+)?$/.test(h)),
  }))
  const scripts = await page.$$eval('script', all => all.length)
  const text = await page.evaluate(() => document.body.textContent)
  check(title !== 'owned', `${file}: a name ran`)
  check(strange.length === 0, `${file}: a name made ${strange[0]}`)
  check(links.length === 0, `${file}: a link leads to ${links[0]}`)
  check(scripts <= 1, `${file}: there are ${scripts} scripts`)
  const unseen =
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/
  check(!unseen.test(text), `${file}: something unseen is in the text`)
  await page.close()
}

async function keys(file) {
  const page = await open(file)
  const reached = new Set()
  await page.evaluate(() => document.querySelectorAll('#grades tbody tr').forEach((row, i) => i > 2 && row.remove()))
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab')
    reached.add(await page.evaluate(() => {
      const e = document.activeElement
      if (e.matches('thead button')) return `button ${e.closest('th').cellIndex}`
      return `${e.tagName} ${e.closest('section')?.getAttribute('aria-labelledby')}`
    }))
  }
  const columns = await page.$$eval('#grades thead th', all => all.length)
  for (let i = 0; i < columns; i++) check(reached.has(`button ${i}`), `${file}: no key reaches the button of column ${i}`)
  for (const what of ['INPUT students', 'DIV students', 'SUMMARY students', 'SUMMARY labs', 'SUMMARY mistakes'])
    check(reached.has(what), `${file}: no key reaches ${what}`)
  await page.focus('section[aria-labelledby=mistakes] summary')
  await page.keyboard.press('Enter')
  check(await page.$eval('section[aria-labelledby=mistakes] details', d => d.open), `${file}: Enter unfolds no mistake`)
  await page.focus('#grades thead button')
  await page.keyboard.press('Space')
  check(await page.$eval('#grades thead th', th => th.ariaSort === 'ascending'), `${file}: the space bar sorts nothing`)
  await page.close()
}

/// The page itself never scrolls sideways, folded or unfolded.
async function fits(file, script) {
  const page = await open(file, { width: 390, height: 844, script })
  if (script) await page.evaluate(() => document.querySelectorAll('main details').forEach(d => (d.open = true)))
  const [wide, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  check(wide <= there, `${file}: ${wide} pixels wide on a phone of ${there}`)
  await page.close()
}

async function prints(file) {
  const page = await open(file, { media: [] })
  await page.emulateMediaType('print')
  const hidden = await page.$$eval('nav, #search', all => all.every(e => getComputedStyle(e).display === 'none'))
  check(hidden, `${file}: what is of no use on paper is printed`)
  const cut = await page.$$eval('.scroll', all => all.filter(e => getComputedStyle(e).overflowX !== 'visible').length)
  check(cut === 0, `${file}: a table is cut on paper`)
  const folded = await page.evaluate(() => {
    const all = [...document.querySelectorAll('.student details > :not(summary)')]
    return all.filter(e => !e.checkVisibility({ contentVisibilityAuto: true })).length
  })
  check(folded === 0, `${file}: ${folded} explanations stay folded on paper`)
  check((await page.pdf({ format: 'A4' })).length > 1000, `${file}: no PDF`)
  await page.close()
}

/// WCAG 2's names for what stands where: what a screen reader says of the page.
async function speaks(file) {
  const page = await open(file)
  const faults_here = await page.evaluate(() => {
    const all = []
    if (document.querySelectorAll('h1').length !== 1) all.push('not one h1')
    if (!document.documentElement.lang || !document.title) all.push('no language or no title')
    for (const th of document.querySelectorAll('th')) if (!th.scope) all.push('a heading of no column or row')
    for (const e of document.querySelectorAll('[aria-labelledby]'))
      if (!document.getElementById(e.getAttribute('aria-labelledby'))) all.push('a label that is not there')
    const ids = [...document.querySelectorAll('[id]')].map(e => e.id)
    if (new Set(ids).size !== ids.length) all.push('an id twice')
    for (const a of document.querySelectorAll('a[href^="#"]'))
      if (!document.getElementById(a.hash.slice(1))) all.push(`${a.hash} leads nowhere`)
    return [...new Set(all)]
  })
  for (const fault of faults_here) check(false, `${file}: ${fault}`)
  await page.close()
}

async function pictures_of(file, name) {
  for (const width of [1280, 390])
    for (const scheme of ['light', 'dark']) {
      const page = await open(file, { width, media: [{ name: 'prefers-color-scheme', value: scheme }] })
      await page.screenshot({ path: join(pictures, `${name}-${width}-${scheme}.png`) })
      await page.$$eval('section > details, .why details', all => all.slice(0, 3).forEach(d => (d.open = true)))
      await page.screenshot({ path: join(pictures, `${name}-${width}-${scheme}-whole.png`), fullPage: true })
      await page.close()
    }
  const page = await open(file)
  await page.pdf({ path: join(pictures, `${name}.pdf`), format: 'A4' })
  await page.close()
}

const students = readdirSync(join(pages, 'small/students')).map(name => `small/students/${name}`)
const hostile = students.filter((_, i) => i % 10 === 0)
await sorts('small/gradebook.html')
await searches('small/gradebook.html')
await keys('small/gradebook.html')
for (const file of ['small/gradebook.html', ...hostile]) {
  await is_harmless(file)
  await fits(file, file === 'small/gradebook.html')
  await speaks(file)
}
for (const file of ['small/gradebook.html', hostile[0]]) await prints(file)
const slowest = { sort: await sorts('large/gradebook.html'), search: await searches('large/gradebook.html') }
for (const [what, ms] of Object.entries(slowest)) check(ms < longest, `1,000 students: a ${what} takes ${ms.toFixed(0)} ms`)
if (pictures) {
  await pictures_of('small/gradebook.html', 'class')
  await pictures_of(students[1], 'student')
  await pictures_of(hostile[0], 'hostile')
}
await chrome.close()
const size = readFileSync(join(pages, 'large/gradebook.html')).length
const [sort, search] = [slowest.sort, slowest.search].map(ms => `${ms.toFixed(0)} ms`)
console.log(`1,000 students: ${(size / 1e6).toFixed(1)} MB, slowest sort ${sort}, slowest search ${search}; ${faults} faults`)
process.exit(faults ? 1 : 0)
