// Sorting and searching for the class's page, which is whole without it. Knows the table's shape and nothing of grades.
'use strict'
{
  const table = document.getElementById('grades')
  const body = table.tBodies[0]
  const heads = [...table.tHead.rows[0].cells]
  const rows = [...body.rows]

  // "3 labs" counts as 3; a dash, "refused" and an empty cell as nothing, which comes last either way.
  const number_in = text => (text === '' ? NaN : parseFloat(text))
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
  const compare_texts = (a, b) => (a === '') - (b === '') || (a && b ? collator.compare(a, b) : 0)
  const is_missing = value => value === '' || Number.isNaN(value)

  const counts_in = column => heads[column].matches('.number, .counts')

  function sort_by(column, direction) {
    const texts = rows.map(row => row.cells[column].textContent.trim())
    const counts = counts_in(column)
    const values = new Map(rows.map((row, i) => [row, counts ? number_in(texts[i]) : texts[i]]))
    rows.sort((one, other) => {
      const a = values.get(one)
      const b = values.get(other)
      if (is_missing(a) || is_missing(b)) return is_missing(a) - is_missing(b)
      return direction * (counts ? a - b : compare_texts(a, b))
    })
    show_found() // other rows are the first now
    body.append(...rows)
  }

  // A name goes up first, points down: who looks for points looks for the best, or presses once more.
  function press(column) {
    const was = heads[column].getAttribute('aria-sort')
    const first = counts_in(column) ? 'descending' : 'ascending'
    const next = was === null ? first : was === 'ascending' ? 'descending' : 'ascending'
    for (const head of heads) head.removeAttribute('aria-sort')
    heads[column].setAttribute('aria-sort', next)
    sort_by(column, next === 'ascending' ? 1 : -1)
  }

  heads.forEach((head, column) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...head.childNodes)
    button.addEventListener('click', () => press(column))
    head.append(button)
  })

  // Zoë is found by "zoe".
  const plain = text =>
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
  const search = document.getElementById('search')
  const field = search.querySelector('input')
  const found = search.querySelector('output')
  let texts // made when it is first needed

  const rest = search.querySelector('button')
  const most = 200 // rows at once: laying out a thousand takes longer than a keystroke may
  let limit = most

  function show_found() {
    texts ??= new Map(rows.map(row => [row, plain(row.textContent)]))
    const words = plain(field.value).split(/\s+/)
    let count = 0
    for (const row of rows) {
      const matches = words.every(word => texts.get(row).includes(word))
      count += matches ? 1 : 0
      const hidden = !matches || count > limit
      if (row.hidden !== hidden) row.hidden = hidden
    }
    const of = field.value.trim() || count > limit ? `${count} of ${rows.length} students` : ''
    found.textContent = count > limit ? `${of}, the first ${limit} are shown` : of
    rest.hidden = count <= limit
  }

  const show_all = () => {
    limit = Infinity
    show_found()
  }
  rest.addEventListener('click', () => {
    field.focus() // the button goes
    show_all()
  })
  addEventListener('beforeprint', show_all) // paper has no button
  field.addEventListener('input', show_found)
  search.hidden = false
  show_found()

  // A link to what is folded unfolds it.
  const unfold = () => {
    const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (aim instanceof HTMLDetailsElement) aim.open = true
  }
  addEventListener('hashchange', unfold)
  unfold()
}
