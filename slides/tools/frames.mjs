// Looks at each slide as a browser shows it, light and dark, and says what a reader in the last row would suffer from.
// Counted at the deck's own size, 1280 by 720 CSS pixels; 24 of them are 18 points (an inch has 72 points, 96 pixels).
import { realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { package_of_npm } from './places.mjs'

export function chromium() {
  for (const name of [process.env.CHROME_PATH, 'chromium', 'chromium-browser', 'google-chrome'].filter(Boolean)) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim()
    } catch {
      /* the next */
    }
  }
}

export async function browser() {
  const puppeteer = package_of_npm('puppeteer-core')
  const sandbox = process.env.CHROME_NO_SANDBOX ? ['--no-sandbox'] : []
  return puppeteer.launch({
    executablePath: chromium(),
    args: [...sandbox, '--disable-dev-shm-usage', '--hide-scrollbars'],
  })
}

/// Runs in the page: the faults of the slide that is shown.
function look() {
  const least = 24,
    contrast_least = 4.5,
    width = 1280,
    height = 720
  const section = document.querySelector('.bespoke-marp-active section')
  const faults = []
  const short = text => {
    const t = text.trim().replace(/\s+/g, ' ')
    return `"${t.length > 50 ? t.slice(0, 47) + '...' : t}"`
  }

  // Every piece of text that can be seen, with the rectangle it takes.
  const texts = []
  const walk = document.createTreeWalker(section, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const node = walk.currentNode,
      of = node.parentElement
    if (!node.data.trim() || of.closest('style, script, title, desc')) continue
    const style = getComputedStyle(of)
    if (style.visibility === 'hidden' || style.display === 'none') continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const rects = [...range.getClientRects()].filter(r => r.width > 0 && r.height > 0)
    if (rects.length) texts.push({ of, node, rects, style, text: node.data })
  }

  // The frame, less the strip in which the page's number stands.
  const bottom = height - 44
  for (const { rects, text } of texts)
    if (rects.some(r => r.left < 20 || r.right > width - 20 || r.top < 10 || r.bottom > bottom))
      faults.push(`overflows its frame: ${short(text)}`)
  for (const of of section.querySelectorAll('*')) {
    if (of.closest('svg.drawing') && !of.matches('svg.drawing')) continue
    const r = of.getBoundingClientRect()
    if (
      of.matches('figure, table, img, svg.drawing') &&
      (r.right > width - 20 || r.bottom > bottom || r.left < 0 || r.top < 0)
    )
      faults.push(`overflows its frame: <${of.tagName.toLowerCase()}>`)
    if (of.matches('pre, figure, td') && of.scrollWidth > of.clientWidth + 1)
      faults.push(`overflows its frame: ${short(of.textContent)}`)
  }
  for (const drawing of section.querySelectorAll('svg.drawing')) {
    const frame = drawing.getBoundingClientRect()
    for (const of of drawing.querySelectorAll('rect, path, line, text, circle, ellipse, polygon, polyline')) {
      if (of.closest('defs')) continue
      const r = of.getBoundingClientRect()
      if (r.left < frame.left - 1 || r.right > frame.right + 1 || r.top < frame.top - 1 || r.bottom > frame.bottom + 1)
        faults.push(`is cut at the edge of its drawing: <${of.tagName}> ${short(of.textContent)}`)
    }
  }

  // The size of letters as they are shown, whatever a drawing's scale makes of them.
  for (const { of, style, text } of texts) {
    const scale = of.getScreenCTM && of instanceof SVGElement ? Math.hypot(of.getScreenCTM().a, of.getScreenCTM().b) : 1
    const size = parseFloat(style.fontSize) * scale
    if (size < least - 0.01) faults.push(`has text of ${(size * 0.75).toFixed(1)} points, under 18: ${short(text)}`)
  }

  // No text upon another.
  const shrink = 5
  for (let i = 0; i < texts.length; i++)
    for (let k = i + 1; k < texts.length; k++)
      if (
        texts[i].rects.some(a =>
          texts[k].rects.some(
            b =>
              a.left + shrink < b.right &&
              b.left + shrink < a.right &&
              a.top + shrink < b.bottom - shrink &&
              b.top + shrink < a.bottom - shrink,
          ),
        )
      )
        faults.push(`has text upon text: ${short(texts[i].text)} and ${short(texts[k].text)}`)

  // Nothing upon text: what is painted later in a drawing covers it.
  for (const { of, rects, text } of texts)
    if (
      of.closest('svg.drawing') &&
      rects.some(r =>
        [0.1, 0.5, 0.9].some(part => {
          const top = document.elementFromPoint(r.left + r.width * part, r.top + r.height / 2)
          return top && top.closest('svg.drawing') && top !== of && !/^(text|tspan)$/.test(top.tagName)
        }),
      )
    )
      faults.push(`has text that is covered: ${short(text)}`)

  // WCAG 2's contrast between letters and what is painted behind them.
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const colour = text => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = text
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const over = ([r, g, b, a], [R, G, B]) =>
    [r, g, b].map((c, i) => (c * a + [R, G, B][i] * (255 - a)) / 255).concat(255)
  const light = rgb =>
    rgb
      .slice(0, 3)
      .map(c => c / 255)
      .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
  for (const { of, rects, style, text } of texts) {
    const r = rects[0],
      svg = of instanceof SVGElement
    if (r.bottom > height || r.top < 0 || r.right < 0 || r.left > width) continue // said above
    const behind = document.elementsFromPoint(r.left + Math.min(r.width / 2, 40), r.top + r.height / 2)
    let back = [255, 255, 255, 255]
    for (const under of behind.reverse()) {
      if (/^(text|tspan)$/.test(under.tagName)) continue
      const s = getComputedStyle(under)
      const paint =
        under instanceof SVGElement && !/^svg$/.test(under.tagName)
          ? s.fill === 'none'
            ? 'transparent'
            : s.fill
          : s.backgroundColor
      const layer = colour(paint)
      layer[3] *=
        parseFloat(s.opacity) * (under instanceof SVGElement && under.tagName !== 'svg' ? parseFloat(s.fillOpacity) : 1)
      back = over(layer, back)
    }
    let faded = 1
    for (let up = of; up && up !== section; up = up.parentElement) faded *= parseFloat(getComputedStyle(up).opacity)
    const ink = colour(svg ? style.fill : style.color)
    ink[3] *= faded
    const [a, b] = [light(over(ink, back)), light(back)].sort((x, y) => y - x)
    const contrast = (a + 0.05) / (b + 0.05)
    if (contrast < contrast_least)
      faults.push(`has a contrast of ${contrast.toFixed(1)} to 1, under 4.5: ${short(text)}`)
  }

  for (const picture of section.querySelectorAll('img'))
    if (!picture.complete || picture.naturalWidth === 0)
      faults.push(`lacks its picture: ${picture.getAttribute('src')}`)
  return { title: section.querySelector('h1, h2')?.textContent ?? '', faults: [...new Set(faults)] }
}

/// All faults of one page, as sentences. With `pictures`, each slide is also left there as a PNG.
export async function faults_of(page_file, chrome, pictures) {
  const name = basename(page_file, '.html'),
    all = []
  for (const scheme of ['light', 'dark']) {
    const page = await chrome.newPage()
    const noises = []
    page.on(
      'console',
      message => message.type() === 'error' && noises.push(`writes an error to the console: ${message.text()}`),
    )
    page.on('pageerror', error => noises.push(`writes an error to the console: ${error.message}`))
    page.on(
      'request',
      request => /^(file|data|blob):/.test(request.url()) || noises.push(`asks the network for ${request.url()}`),
    )
    await page.setViewport({ width: 1280, height: 720 })
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    const url = pathToFileURL(realpathSync(page_file)).href
    await page.goto(url, { waitUntil: 'load' })
    await page.addStyleTag({ content: '.bespoke-marp-osc { display: none !important }' }) // it fades anyway
    const count = await page.$$eval(
      'section[data-marpit-pagination-total], svg[data-marpit-svg] section',
      all => new Set(all).size,
    )
    for (let n = 1; n <= count; n++) {
      await page.evaluate(n => {
        location.hash = `#${n}`
      }, n)
      await page.waitForFunction(
        n => document.querySelectorAll('svg[data-marpit-svg]')[n - 1].classList.contains('bespoke-marp-active'),
        { polling: 5 },
        n,
      )
      const { title, faults } = await page.evaluate(look)
      all.push(...faults.map(fault => `${name}: slide ${n} "${title}" (${scheme}): ${fault}`))
      if (pictures)
        await page.screenshot({ path: join(pictures, `${name}-${String(n).padStart(2, '0')}-${scheme}.png`) })
    }
    all.push(...noises.map(noise => `${name}: (${scheme}): ${noise}`))
    await page.close()
  }
  return all
}
