// The test of the decks, and of itself: each deck of slides/tests is broken in one way and must draw that rule's sentence.
//   node check.mjs [--pictures FOLDER] [DECK.md...]      exit status 77: all that could be looked at is well, but not all could
import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { read_deck } from './deck.mjs'
import { chromium, browser, faults_of } from './frames.mjs'
import { decks, pages, slides, workshop } from './places.mjs'
import { stale_drawings, stale_in } from './refresh.mjs'
import { render } from './render.mjs'
import { faults_of_text, have_manuals, unused_drawings } from './text.mjs'

const words = process.argv.slice(2)
const pictures = words.includes('--pictures') ? resolve(words.splice(words.indexOf('--pictures'), 2)[1]) : undefined
if (pictures) mkdirSync(pictures, { recursive: true })
const chosen = words.map(word => resolve(word))
const broken = folder => chosen.length ? [] : readdirSync(join(slides, 'tests', folder)).filter(name => name.endsWith('.md'))
  .map(name => join(slides, 'tests', folder, name))

let faults = 0
const could_not = []
const report = list => {
  for (const fault of list) console.error(fault)
  faults += list.length
}
/// Every fault that a broken deck draws is the one it names, and it draws one.
function must_draw(deck, drawn) {
  const sentence = deck.front.draws
  const others = drawn.filter(fault => !fault.includes(sentence))
  if (drawn.length === 0) report([`${deck.name}: no rule objects, and it should be: ${sentence}`])
  else if (others.length) report(others.map(other => `${deck.name}: should draw only "${sentence}", but: ${other}`))
}

report(stale_drawings())
if (!chosen.length) report(unused_drawings())
if (!have_manuals()) could_not.push('the manual (this installs it: apt-get install manpages manpages-dev)')
const all = (chosen.length ? chosen : decks()).map(read_deck)
const manual_fault = fault => !have_manuals() && fault.includes('no manual page')
for (const deck of all) report([...stale_in(deck), ...faults_of_text(deck).filter(fault => !manual_fault(fault))])
for (const deck of broken('text').map(read_deck)) {
  if (deck.front.draws.includes('manual page') && !have_manuals()) continue
  must_draw(deck, [...stale_in(deck), ...faults_of_text(deck)])
}
if (faults) console.error('what is stale is mended by: make slides REFRESH=yes')

if (chromium()) {
  const chrome = await browser()
  for (const deck of all) report(await faults_of(await render(deck.file, pages), chrome, pictures))
  const aside = join(workshop, 'broken')
  for (const deck of broken('frames').map(read_deck)) must_draw(deck, await faults_of(await render(deck.file, aside), chrome))
  await chrome.close()
} else could_not.push('the frames, without Chromium (this installs it: apt-get install chromium)')

for (const what of could_not) console.error(`could not look at ${what}`)
const count = all.reduce((sum, deck) => sum + deck.slides.length, 0)
console.log(`${all.length} decks, ${count} slides, ${broken('text').length + broken('frames').length} broken decks: ${faults} faults`)
process.exit(faults ? 1 : could_not.length ? 77 : 0)
