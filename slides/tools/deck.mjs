// A deck as text: front matter, slides, fences. Knows nothing of what the fences' text should be.
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { home } from './places.mjs'

/// The front matter's keys: `key: value`, or `key:` with `- item` lines below.
const front_matter = lines => {
  const keys = {}
  let last
  for (const line of lines) {
    const pair = /^(\w+):\s*(.*)$/.exec(line),
      item = /^\s+- (.*)$/.exec(line)
    if (pair) keys[(last = pair[1])] = pair[2] === '' ? [] : pair[2]
    else if (item && Array.isArray(keys[last])) keys[last].push(item[1])
  }
  return keys
}

/// { file, name, lines, front, slides: [{ number, title, first, last, notes, fences }] }. Lines count from 0.
export function read_deck(file) {
  const lines = readFileSync(file, 'utf8').split('\n')
  const end = lines.indexOf('---', 1)
  const deck = { file, name: relative(home, file), lines, front: front_matter(lines.slice(1, end)), slides: [] }
  let slide, fence, note
  const open = first =>
    deck.slides.push((slide = { number: deck.slides.length + 1, title: '', first, fences: [], notes: '' }))
  open(end + 1)
  for (let i = end + 1; i < lines.length; i++) {
    const line = lines[i]
    if (fence) {
      if (line !== '```') continue
      fence.last = i - 1
      fence.text = lines.slice(fence.first, i)
      slide.fences.push(fence)
      fence = undefined
    } else if (note !== undefined) {
      if (line.includes('-->')) note = undefined
      else slide.notes += line + '\n'
    } else if (line.startsWith('```')) {
      fence = { info: line.slice(3).trim(), at: i, first: i + 1 }
    } else if (line.startsWith('<!--')) {
      if (!/^<!-- *_?\w+:/.test(line)) slide.notes += line.slice(4) + '\n'
      if (!line.includes('-->')) note = ''
    } else if (line === '---') {
      slide.last = i - 1
      open(i + 1)
    } else if (/^#+ /.test(line) && !slide.title) {
      slide.title = line.replace(/^#+ /, '')
    }
    slide.last = i
  }
  if (fence) throw new Error(`${deck.name}:${fence.at + 1}: a fence that nobody closes`)
  return deck
}

export const where = (deck, slide, line) =>
  `${deck.name}${line === undefined ? '' : `:${line + 1}`}: slide ${slide.number} "${slide.title}"`
