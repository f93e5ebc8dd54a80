// Markdown to HTML, and with --pdf to PDF, into build/slides. What the slides say is not its business.
//   node render.mjs [--pdf] [--out FOLDER] [DECK.md...]
import { mkdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decks, package_of_npm, pages } from './places.mjs'

const { marpCli } = package_of_npm('@marp-team/marp-cli')
const config = join(dirname(fileURLToPath(import.meta.url)), 'marp.config.mjs')

export async function render(file, out, kinds = ['html']) {
  mkdirSync(out, { recursive: true })
  process.env.IPCLAB_DECK = file
  for (const kind of kinds) {
    const target = join(out, `${basename(file, '.md')}.${kind}`)
    const said = []
    const { warn, error } = console
    console.warn = console.error = (...words) => said.push(words.join(' ')) // Marp's news, of interest when it fails
    const status = await marpCli([
      file,
      '--config-file',
      config,
      `--${kind === 'pdf' ? 'pdf' : 'no-pdf'}`,
      '-o',
      target,
    ]).finally(() => Object.assign(console, { warn, error }))
    if (status !== 0) throw new Error(`${file}: marp could not make ${target}:\n${said.join('\n')}`)
  }
  return join(out, `${basename(file, '.md')}.html`)
}

if (process.argv[1].endsWith('render.mjs')) {
  const words = process.argv.slice(2)
  const out = words.includes('--out') ? resolve(words.splice(words.indexOf('--out'), 2)[1]) : pages
  const kinds = words.includes('--pdf') ? ['html', 'pdf'] : ['html']
  const files = words.filter(word => !word.startsWith('--')).map(word => resolve(word))
  for (const file of files.length ? files : decks()) {
    await render(file, out, kinds)
    for (const kind of kinds) console.log(join(out, `${basename(file, '.md')}.${kind}`))
  }
  process.exit(0)
}
