// Where things are. Knows folders only.
import { createRequire } from 'node:module'
import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
export const build = resolve(process.env.IPCLAB_BUILD || join(home, 'build'))
export const slides = join(home, 'slides')
export const pages = join(build, 'slides') // what is shown: HTML and PDF
export const workshop = join(build, 'slides-work') // node_modules, programs, rooms for transcripts

/// A deck is an `opening.md` or an `NN-name.md` in slides/: a new lab brings a file, and nothing names it here.
export const decks = () =>
  readdirSync(slides)
    .filter(name => /^(opening|\d\d-[\w-]+)\.md$/.test(name))
    .sort((a, b) => (a === 'opening.md' ? '' : a).localeCompare(b === 'opening.md' ? '' : b))
    .map(name => join(slides, name))

/// A package of package.json, which lies below the build folder and not beside this file.
export const package_of_npm = createRequire(join(workshop, 'package.json'))
