// Marp's settings, and what our Markdown has beyond Marp's: pictures inside the page, and fences that say where they
// are from.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { slides } from './places.mjs'

const folder = () => (process.env.IPCLAB_DECK ? dirname(process.env.IPCLAB_DECK) : slides)
const escape = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/// The drawing's own text, with its names made its own: several drawings share one page.
function drawing(file, alt, count) {
  return readFileSync(file, 'utf8')
    .replace(/^[^]*?(?=<svg)/, '')
    .replace(/<title>[^]*?<\/title>\s*|<!--[^]*?-->\s*/g, '') // a title would become a tooltip
    .replace(/\bid="/g, `$&d${count}-`)
    .replace(/url\(#/g, `$&d${count}-`)
    .replace(/href="#/g, `$&d${count}-`)
    .replace('<svg', `<svg aria-label="${escape(alt)}"`)
    .replace(/\n\s*/g, '\n')
    .replace(/\n\n+/g, '\n')
}

const plugin = md => {
  let count = 0
  const image = md.renderer.rules.image
  md.renderer.rules.image = (tokens, i, options, env, self) => {
    const source = tokens[i].attrGet('src') ?? ''
    const file = join(folder(), source)
    if (/^\w+:/.test(source) || !existsSync(file)) return image(tokens, i, options, env, self)
    if (!source.endsWith('.svg')) {
      tokens[i].attrSet('src', `data:image/${extname(file).slice(1)};base64,${readFileSync(file, 'base64')}`)
      return image(tokens, i, options, env, self)
    }
    return drawing(file, tokens[i].content, ++count)
  }
  md.renderer.rules.fence = (tokens, i, options) => {
    const { info, content } = tokens[i]
    const language = info.split(/\s+/)[0] || 'text'
    const marked = [...info.matchAll(/\bmark "([^"]+)"/g)].map(m => m[1])
    const source = /^\w+ from ([^"|]*?)(?: \||(?: mark ".*)?$)/.exec(info)?.[1].trim()
    const plain = content.replace(/\n$/, '').split('\n')
    let lines = plain.map(escape)
    if (language === 'cpp' || language === 'sh') lines = options.highlight(plain.join('\n'), language, '').split('\n')
    // Each line is a block, so that what does not fit goes on below it, further in.
    lines = lines.map((line, k) => {
      const kinds = [
        'line',
        language === 'console' && /^[$>] /.test(plain[k]) && 'typed',
        marked.some(text => plain[k].includes(text)) && 'marked',
      ]
      const margin = /^ */.exec(plain[k])[0].length
      return `<span class="${kinds.filter(Boolean).join(' ')}" style="--in:${margin + 2}">${line}\n</span>`
    })
    const name = source ? `<figcaption>${escape(source.replace('#', ' \u00b7 '))}</figcaption>` : ''
    return `<figure class="${language}">${name}<pre><code>${lines.join('')}</code></pre></figure>\n`
  }
}

export default {
  html: true,
  themeSet: [join(slides, 'theme.css')],
  theme: 'ipclab',
  options: {
    inlineSVG: true,
    markdown: { breaks: false },
    script: false,
    math: false,
    emoji: { shortcode: false, unicode: false },
  },
  bespoke: { progress: false, osc: true },
  pdfOutlines: true,
  engine: ({ marp }) => marp.use(plugin),
}
