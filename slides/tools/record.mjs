// Runs what a deck's transcripts say was typed, in one bash on a terminal of its own, and returns what came.
// Knows commands and their output, not slides.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, relative } from 'node:path'
import { build, home, slides, workshop } from './places.mjs'
import { stable } from './stable.mjs'

/// Compiles a program as the labs are compiled, when what it is made of is not what it was.
function compile(source) {
  const program = join(workshop, 'bin', basename(source, '.cpp'))
  const made_of = [source, join(home, 'labs/must.hpp')].map(file => readFileSync(file, 'utf8')).join('')
  if (existsSync(program) && existsSync(`${program}.of`) && readFileSync(`${program}.of`, 'utf8') === made_of)
    return program
  mkdirSync(join(workshop, 'bin'), { recursive: true })
  const flags = ['-std=c++20', '-O2', '-g', '-Wall', '-Wextra', '-Werror', '-pthread', '-I', join(home, 'labs')]
  const made = spawnSync(process.env.CXX || 'c++', [...flags, source, '-o', program], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`${relative(home, source)} does not compile:\n${made.stderr ?? made.error}`)
  writeFileSync(`${program}.of`, made_of)
  return program
}

/// Every program that the commands call as ./name: a demo of the slides, or a solution of a lab.
function sources(commands, given) {
  const labs = readdirSync(join(home, 'solutions')).map(lab => join(home, 'solutions', lab))
  const places = [join(slides, 'demos'), join(slides, 'tests'), ...labs]
  const words = new Set(commands.join('\n').match(/(?<![\w.])\.\/[\w-]+/g))
  return [...words]
    .map(word => word.slice(2))
    .filter(name => !given.includes(name))
    .map(name => {
      const source = places.map(place => join(place, `${name}.cpp`)).find(existsSync)
      if (!source) throw new Error(`./${name} is neither a demo of the slides nor a lab's program`)
      return source
    })
}

/// The course with one wrong program in it, for transcripts of the real grader: the solutions as a student's labs, with
/// the fault's patch, and the checker that is built already behind the command's name.
function course_with(fault, room) {
  const lab = fault.split('/')[0]
  if (!existsSync(join(build, 'ipclab')))
    throw new Error(`${fault}: the checker is not built; this builds it: ./ipclab doctor`)
  const patch = join(home, 'checker/faults', `${fault}.patch`)
  if (!existsSync(patch)) throw new Error(`there is no fault ${fault}`)
  cpSync(join(home, 'solutions'), join(room, 'labs'), { recursive: true })
  copyFileSync(join(home, 'labs/must.hpp'), join(room, 'labs/must.hpp'))
  cpSync(join(home, 'checker/catalogue'), join(room, 'checker/catalogue'), { recursive: true })
  copyFileSync(join(home, 'Makefile'), join(room, 'Makefile'))
  execFileSync('patch', ['-s', '-p1', '-F0', '-d', join(room, 'labs', lab), '-i', patch])
  mkdirSync(join(room, 'build'))
  for (const name of readdirSync(build))
    if (/^(ipclab|gate|session_leader|below_strace)$|\.so$/.test(name)) symlinkSync(join(build, name), join(room, 'build', name))
  writeFileSync(
    join(room, 'ipclab'),
    `#!/bin/sh\nexport IPCLAB_HOME='${room}' IPCLAB_BUILD='${room}/build'\nexec '${build}/ipclab' "$@"\n`,
  )
  chmodSync(join(room, 'ipclab'), 0o755)
}

const mark = '\x1e\n' // no program of ours prints it

/// One session: `setup` is typed before and not shown, `fault` names a fault of checker/faults or is undefined.
/// Returns one text for each command.
export function record(name, commands, setup = '', fault) {
  if (commands.length === 0) return []
  const room = join(workshop, 'rooms', name)
  rmSync(room, { recursive: true, force: true })
  mkdirSync(room, { recursive: true })
  if (fault) course_with(fault, room)
  for (const source of sources([setup, ...commands], readdirSync(room)))
    copyFileSync(compile(source), join(room, basename(source, '.cpp')))
  const quote = text => `'${text.replaceAll("'", "'\\''")}'`
  const script = [
    'for f in /proc/$$/fd/*; do n=${f##*/}; [ $n -le 2 ] || [ $n -eq 255 ] || eval "exec $n>&-"; done',
    'stty cols 78 rows 24',
    setup,
    'session_status=0',
  ]
  for (const command of commands)
    script.push(`printf '\\036\\n'; (exit $session_status); eval ${quote(command)}`, 'session_status=$?')
  const file = join(room, '.session')
  writeFileSync(file, script.join('\n') + `\nprintf '\\036\\n'\n`)
  const run = spawnSync('setsid', ['script', '-qefc', 'bash .session', '/dev/null'], {
    cwd: room,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    timeout: 120000,
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: room,
      LANG: 'C.UTF-8',
      TERM: 'xterm',  // with signs that draw, without colours: it is no terminal
      COLUMNS: '76',
      ...(process.env.IPCLAB_RUNG && { IPCLAB_RUNG: process.env.IPCLAB_RUNG }),
    },
  })
  if (run.error) throw new Error(`${name}: the session could not be recorded: ${run.error.message}`)
  const parts = stable(run.stdout.replaceAll(room, '/home/you')).split(mark)
  if (parts.length !== commands.length + 2)
    throw new Error(`${name}: the session ended in "${commands[parts.length - 2]}":\n${run.stdout.slice(-500)}`)
  return parts.slice(1, -1)
}
