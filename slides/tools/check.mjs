// The test of the decks, and of itself: a sound deck that is broken in one way (slides/tests) must draw that rule's
// sentence.
//   node check.mjs [--pictures FOLDER] [DECK.md...]
// Exit status 77: all that could be looked at is well, but not all could.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { read_deck } from './deck.mjs'
import { chromium, browser, faults_of } from './frames.mjs'
import { of_the_frames, of_the_text } from '../tests/breaks.mjs'
import { decks, pages, slides, workshop } from './places.mjs'
import { stale_drawings, stale_in, with_style } from './refresh.mjs'
import { render } from './render.mjs'
import { faults_of_text, have_manuals, unused_drawings } from './text.mjs'

const words = process.argv.slice(2)
const pictures = words.includes('--pictures') ? resolve(words.splice(words.indexOf('--pictures'), 2)[1]) : undefined
if (pictures) mkdirSync(pictures, { recursive: true })
const chosen = words.map(word => resolve(word))
let faults = 0,
  broken_decks = 0
const could_not = []
const report = list => {
  for (const fault of list) console.error(fault)
  faults += list.length
}
const aside = join(workshop, 'broken')
mkdirSync(aside, { recursive: true })
/// The sound deck, with one thing broken or nothing.
function sound_but({ replace, by, drawing } = {}) {
  for (const name of ['sound.svg', 'sound.md']) {
    const was = readFileSync(join(slides, 'tests', name), 'utf8')
    const here = replace !== undefined && name.endsWith('.svg') === Boolean(drawing)
    const is = here ? was.replace(replace, () => by) : was
    if (here && is === was) throw new Error(`slides/tests/breaks.mjs: nothing in ${name} is ${replace}`)
    writeFileSync(join(aside, name), name.endsWith('.svg') ? with_style(is) : is)
  }
  return read_deck(join(aside, 'sound.md'))
}
const text_faults = deck => [...stale_in(deck), ...faults_of_text(deck, 1)]
/// Each sentence is drawn, and nothing that is none of them. Without a break nothing is.
function must_draw(broken, drawn) {
  broken_decks += broken ? 1 : 0
  const sentences = broken?.draws.split(' | ') ?? []
  for (const sentence of sentences)
    if (!drawn.some(fault => fault.includes(sentence)))
      report([`broken so that a rule says "${sentence}", and none does`])
  for (const fault of drawn)
    if (!sentences.some(sentence => fault.includes(sentence)))
      report([`broken so that rules say only "${broken?.draws ?? 'nothing'}", but: ${fault}`])
}

report(stale_drawings())
if (!chosen.length) report(unused_drawings())
if (!have_manuals()) could_not.push('the manual (this installs it: apt-get install manpages manpages-dev)')
const all = (chosen.length ? chosen : decks()).map(read_deck)
const manual_fault = fault => !have_manuals() && fault.includes('no manual page')
for (const deck of all) report([...stale_in(deck), ...faults_of_text(deck).filter(fault => !manual_fault(fault))])
if (!chosen.length)
  for (const broken of [undefined, ...of_the_text])
    if (have_manuals()) must_draw(broken, text_faults(sound_but(broken)))
if (!chosen.length && have_manuals()) {
  must_draw({ draws: 'it has 3 slides, not 15 to 25' }, faults_of_text(sound_but()))
  writeFileSync(
    join(aside, 'sound.svg'),
    readFileSync(join(aside, 'sound.svg'), 'utf8').replace('stroke-width: 3', 'stroke-width: 4'),
  )
  must_draw({ draws: 'it does not carry slides/drawings/style.css as it is now' }, stale_drawings(false, aside))
  must_draw({ draws: 'sound.svg: no deck shows it' }, unused_drawings(aside))
}
if (faults) console.error('what is stale is mended by: make slides REFRESH=yes')

if (chromium()) {
  const chrome = await browser()
  for (const deck of all) report(await faults_of(await render(deck.file, pages), chrome, pictures))
  if (!chosen.length)
    for (const broken of [undefined, ...of_the_frames])
      must_draw(broken, await faults_of(await render(sound_but(broken).file, aside), chrome))
  await chrome.close()
} else could_not.push('the frames, without Chromium (this installs it: apt-get install chromium)')

for (const what of could_not) console.error(`could not look at ${what}`)
const count = all.reduce((sum, deck) => sum + deck.slides.length, 0)
console.log(`${all.length} decks, ${count} slides, ${broken_decks} broken decks: ${faults} faults`)
process.exit(faults ? 1 : could_not.length ? 77 : 0)
