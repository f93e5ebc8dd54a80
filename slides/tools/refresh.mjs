// Brings up to date what decks and drawings have from elsewhere, or says what is stale.
//
//   ```cpp from solutions/01-pipeline/pipeline.cpp#start        code, cut from a program (cut.mjs)
//   ```console                                                  a transcript: "$ " lines are typed, others recorded
//   ```console measured                                         the same; numbers may differ by a factor, words may not
//   ```console fault 01-pipeline/write-end-kept                 in a course where a student handed in that fault
//
// All transcripts of a deck without a fault are one session. Front matter: `setup:` is run before it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { cut } from './cut.mjs'
import { read_deck, where } from './deck.mjs'
import { decks, home, slides } from './places.mjs'
import { record } from './record.mjs'

const at_most_a_factor_of = 4

const is_command = line => line.startsWith('$ ')
/// A command goes on in the next line with "> ", as bash shows it.
function commands_of(fence) {
  const commands = []
  for (const [i, line] of fence.text.entries()) {
    if (is_command(line)) commands.push({ typed: [line], text: line.slice(2) })
    else if (line.startsWith('> ') && commands.length && commands.at(-1).end === i) {
      commands.at(-1).typed.push(line)
      commands.at(-1).text += '\n' + line.slice(2)
    }
    if (commands.length && (is_command(line) || line.startsWith('> '))) commands.at(-1).end = i + 1
  }
  return commands
}

/// Only lines between two texts of the output are shown: `from "FAIL" to "again:"`, with "..." for what was left out
/// and without the margin that they have in common.
function excerpt(text, info) {
  const first = /\bfrom "([^"]+)"/.exec(info)?.[1],
    last = /\bto "([^"]+)"/.exec(info)?.[1]
  if (first === undefined) return text
  const from = text.findIndex(line => line.includes(first))
  const to = text.findIndex((line, i) => i >= from && line.includes(last ?? first))
  if (from < 0 || to < 0) throw new Error(`no line of the output contains "${from < 0 ? first : last}"`)
  const lines = text.slice(from, to + 1)
  const margin = Math.min(...lines.filter(line => line.trim()).map(line => /^ */.exec(line)[0].length))
  return [
    ...(from > 0 ? ['...'] : []),
    ...lines.map(line => line.slice(margin)),
    ...(to + 1 < text.length ? ['...'] : []),
  ]
}

/// Measured lines agree when their words do, and their numbers to a factor. What names the machine may differ.
function agree(was, is) {
  if (was.length !== is.length) return false
  return was.every((line, i) => {
    if (line.startsWith('measured on')) return is[i].startsWith('measured on')
    if (/needs two CPUs$/.test(is[i])) return true
    const words = text => text.replace(/[\d.]+/g, '#').replace(/ +/g, ' ')
    const numbers = text => text.match(/\d[\d.]*/g)?.map(Number) ?? []
    if (words(line) !== words(is[i])) return false
    return numbers(line).every(
      (n, k) => n <= at_most_a_factor_of * numbers(is[i])[k] && numbers(is[i])[k] <= at_most_a_factor_of * n,
    )
  })
}

/// What every fence of the deck should hold: [{ slide, fence, text, source }], or { problem }.
export function wanted(deck) {
  const all = [],
    sessions = new Map()
  for (const slide of deck.slides)
    for (const fence of slide.fences) {
      const entry = { slide, fence }
      const from = /^\w+ from ([^"].*?)(?: mark "[^"]*")*$/.exec(fence.info)
      if (from) {
        entry.source = from[1]
        try {
          entry.text = cut(from[1])
        } catch (error) {
          entry.problem = error.message
        }
      } else if (/^console\b/.test(fence.info)) {
        const fault = /\bfault (\S+)/.exec(fence.info)?.[1]
        if (!sessions.has(fault)) sessions.set(fault, [])
        for (const command of (entry.commands = commands_of(fence))) sessions.get(fault).push(command)
        if (entry.commands.length === 0) entry.problem = 'a transcript without a command ("$ ")'
        entry.source = fault ? `the session with fault ${fault}` : 'the session'
      } else if (/^(cpp|c|sh|bash)\b/.test(fence.info)) {
        entry.problem = 'code that is typed: cut it from a program, with ```cpp from FILE#name'
      } else continue
      all.push(entry)
    }
  for (const [fault, commands] of sessions) {
    let output, problem
    try {
      output = record(
        basename(deck.file, '.md') + (fault ? `-${basename(fault)}` : ''),
        commands.map(c => c.text),
        deck.front.setup,
        fault,
      )
    } catch (error) {
      problem = error.message
    }
    for (const [i, command] of commands.entries())
      // The seed that a grading has drawn is another one each time: a slide does without it.
      command.output = output?.[i] === '' ? [] : output?.[i].replace(/ SEED=\d+$/gm, '').replace(/\n$/, '').split('\n')
    for (const entry of all)
      if (entry.commands?.some(c => commands.includes(c))) {
        if (problem) {
          entry.problem = problem
          problem = undefined
          continue
        }
        if (!output) {
          entry.text = entry.fence.text
          continue
        }
        try {
          entry.text = entry.commands.flatMap(c => [...c.typed, ...excerpt(c.output, entry.fence.info)])
        } catch (error) {
          entry.problem = error.message
        }
      }
  }
  return all
}

const difference = (was, is) => {
  const i = was.findIndex((line, k) => line !== is[k])
  const k = i < 0 ? was.length : i
  return `\n    on the slide: ${was[k] ?? '(nothing)'}\n    now:          ${is[k] ?? '(nothing)'}`
}

const fresh = ({ fence, text }) =>
  /\bmeasured\b/.test(fence.info) ? agree(fence.text, text) : fence.text.join('\n') === text.join('\n')

/// What is stale in a deck, or cannot be brought up to date, as sentences.
export function stale_in(deck) {
  return wanted(deck).flatMap(entry => {
    const { slide, fence, text, source, problem } = entry
    if (problem) return `${where(deck, slide, fence.at)}: ${problem}`
    return fresh(entry)
      ? []
      : `${where(deck, slide, fence.at)}: stale: ${source} says something else now${difference(fence.text, text)}`
  })
}

/// Measured numbers that still agree are left as they are: they are of one machine, which stands beside them.
function refresh(deck) {
  const problems = []
  for (const entry of wanted(deck).reverse()) {
    const { slide, fence, text, problem } = entry
    if (problem) problems.unshift(`${where(deck, slide, fence.at)}: ${problem}`)
    else if (!fresh(entry)) {
      deck.lines.splice(fence.first, fence.text.length, ...text)
      console.log(`${where(deck, slide, fence.at)}: refreshed`)
    }
  }
  writeFileSync(deck.file, deck.lines.join('\n'))
  return problems
}

/// Each drawing carries the style sheet of all, so that it is right wherever it is opened.
export function with_style(drawing) {
  const style = readFileSync(join(slides, 'drawings/style.css'), 'utf8').trimEnd()
  return drawing.replace(/<style>[^]*?<\/style>/, () => `<style>\n${style}\n</style>`)
}

export function stale_drawings(mend = false, folder = join(slides, 'drawings')) {
  const faults = []
  for (const name of readdirSync(folder).filter(name => name.endsWith('.svg'))) {
    const file = join(folder, name)
    const was = readFileSync(file, 'utf8')
    const is = with_style(was)
    if (is === was && was.includes('<style>')) continue
    if (mend) writeFileSync(file, is)
    else faults.push(`${relative(home, file)}: stale: it does not carry slides/drawings/style.css as it is now`)
  }
  return faults
}

if (process.argv[1].endsWith('refresh.mjs')) {
  stale_drawings(true)
  const files = process.argv.slice(2)
  const problems = (files.length ? files : decks()).flatMap(file => refresh(read_deck(file)))
  for (const problem of problems) console.error(problem)
  process.exit(problems.length ? 1 : 0)
}
