// Cuts code out of a program, so that nobody types it into a slide. The programs carry no marks for it:
//   FILE                       the whole file
//   FILE#name                  the function, struct or using of that name, without the comment above it
//   FILE#name | first | last   of that, the lines from the one that contains `first` to the next that contains `last`
// Knows nothing of decks.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from './places.mjs'

/// From the line at the margin that defines `name` (what ends with ");" only declares it) to the "}" at the margin.
function definition(lines, name, spec) {
  const defines = new RegExp(`^[\\w\\[].*?\\b${name}\\s*(\\(|=|\\{|\\[)`)
  const at = lines.findIndex(line => defines.test(line) && !line.endsWith(');'))
  if (at < 0) throw new Error(`${spec}: there is no ${name} in it`)
  if (/[;}]$/.test(lines[at])) return [lines[at]]
  const end = lines.findIndex((line, i) => i > at && line.startsWith('}'))
  return lines.slice(at, end + 1)
}

const unindent = lines => {
  const depth = Math.min(...lines.filter(line => line.trim()).map(line => /^ */.exec(line)[0].length))
  return lines.map(line => line.slice(depth))
}

/// A slide has no room for what the compiler alone wants to know.
const without_attributes = line => line.replace(/^\[\[[\w, ]+\]\] /, '')

export function cut(spec) {
  const [place, first, last] = spec.split(' | ')
  const [file, name] = place.split('#')
  if (!existsSync(join(home, file))) throw new Error(`${spec}: there is no file ${file}`)
  let lines = readFileSync(join(home, file), 'utf8').trimEnd().split('\n')
  if (name) lines = definition(lines, name, spec)
  if (first !== undefined) {
    const starts = lines.map((line, i) => i).filter(i => lines[i].includes(first))
    if (starts.length !== 1)
      throw new Error(`${spec}: ${starts.length ? 'several lines contain' : 'no line contains'} "${first}"`)
    const end = lines.findIndex((line, i) => i >= starts[0] && line.includes(last ?? first))
    if (end < 0) throw new Error(`${spec}: no line after it contains "${last}"`)
    lines = lines.slice(starts[0], end + 1)
  }
  return unindent(lines).map(without_attributes)
}
