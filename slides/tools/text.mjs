// The rules for a deck's text: what a front matter says, what every slide has, and that all that is cited exists.
// Knows nothing of how it looks (frames.mjs), nor whether what was cut and recorded is fresh (refresh.mjs).
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { where } from './deck.mjs'
import { decks, home, slides } from './places.mjs'

const manuals = ['/usr/share/man', '/usr/local/share/man']
const manual = (name, section) =>
  manuals.some(root => {
    const folder = join(root, `man${section}`)
    return existsSync(folder) && readdirSync(folder).some(file => file.startsWith(`${name}.${section}`))
  })

/// Without the system's manual a wrong citation could not be told from a right one.
export const have_manuals = () => manual('pipe', 7) && manual('pipe', 2)

const kinds = readdirSync(join(home, 'checker/catalogue'))
const targets = readFileSync(join(home, 'Makefile'), 'utf8').match(/^[a-z]+(?=:)/gm)
const labs = readdirSync(join(home, 'labs')).map(name => name.slice(0, 2))

function cited(text, file) {
  const faults = []
  for (const [all, name, section] of text.matchAll(/\b([a-z_][\w.-]*)\(([1-8])\)/g))
    if (!manual(name, section)) faults.push(`there is no manual page ${all}`)
  for (const [, path] of text.matchAll(/[`(]((?:labs|solutions|checker|slides|docs|tools)\/[\w./-]+)[`)]/g))
    if (!existsSync(join(home, path))) faults.push(`there is no file ${path}`)
  for (const [, path] of text.matchAll(/\]\((?!https?:)([^)#\s]+)\)/g))
    if (!existsSync(join(dirname(file), path))) faults.push(`there is no file ${path}`)
  for (const [, id] of text.matchAll(new RegExp(`\\b((?:${kinds.join('|')})/[a-z][a-z-]+)\\b`, 'g')))
    if (!existsSync(join(home, 'checker/catalogue', `${id}.md`)) && !text.includes(`catalogue/${id}`))
      faults.push(`there is no diagnosis ${id}`)
  for (const [, target] of text.matchAll(/`make ([a-z]+)/g))
    if (!targets.includes(target)) faults.push(`there is no target \`make ${target}\``)
  for (const [, lab] of text.matchAll(/\bLAB=(\d\d)/g)) if (!labs.includes(lab)) faults.push(`there is no lab ${lab}`)
  return faults
}

/// A drawing speaks to those who cannot see it, and takes its colours from the one style sheet.
function drawn(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  if (text === undefined) return []
  const faults = []
  for (const need of ['<title>', '<desc>', 'role="img"', 'class="drawing"', 'viewBox="'])
    if (!text.includes(need)) faults.push(`its drawing ${relative(home, file)} has no ${need}`)
  if (/\b(fill|stroke|style|font-size)="/.test(text))
    faults.push(`its drawing ${relative(home, file)} styles by hand: use the classes of drawings/style.css`)
  return faults
}

/// All faults of one deck's text, as sentences.
export function faults_of_text(deck, at_least = 15) {
  const faults = [],
    { front } = deck
  const say = (slide, fault, line) => faults.push(`${where(deck, slide, line)}: ${fault}`)
  const first = deck.slides[0]
  if (!/^\d+$/.test(front.minutes ?? '')) say(first, 'the front matter has no minutes')
  if (front.lab !== undefined && !existsSync(join(home, 'labs', front.lab))) say(first, `there is no lab ${front.lab}`)
  if (!Array.isArray(front.objectives) || front.objectives.length === 0)
    say(first, 'the front matter has no objectives')
  for (const objective of front.objectives ?? [])
    if (!deck.lines.includes(`- ${objective}`)) say(first, `the objective "${objective}" stands on no slide`)
  if (deck.slides.length < at_least || deck.slides.length > 25)
    say(first, `it has ${deck.slides.length} slides, not 15 to 25`)
  for (const slide of deck.slides) {
    if (!slide.title) say(slide, 'it has no title', slide.first)
    if (!slide.notes.trim()) say(slide, 'it has no speaker notes', slide.first)
    const inside = i => slide.fences.some(fence => i >= fence.first && i <= fence.last)
    const prose = deck.lines
      .slice(slide.first, slide.last + 1)
      .filter((line, i) => !inside(slide.first + i))
      .join('\n')
    for (const fault of cited(prose, deck.file)) say(slide, fault)
    for (const [, alt, picture] of prose.matchAll(/!\[(.*?)\]\((.*?)\)/g)) {
      if (alt.length < 20) say(slide, `its picture ${picture} has no text for those who cannot see it`)
      for (const fault of drawn(join(dirname(deck.file), picture))) say(slide, fault)
    }
  }
  return faults
}

/// Drawings that no deck shows.
export function unused_drawings(folder = join(slides, 'drawings')) {
  const all = [...decks(), join(slides, 'README.md')].map(file => readFileSync(file, 'utf8')).join('\n')
  return readdirSync(folder)
    .filter(name => name.endsWith('.svg') && !all.includes(`drawings/${name}`))
    .map(name => `${relative(home, join(folder, name))}: no deck shows it`)
}
