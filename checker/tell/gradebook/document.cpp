#include "tell/gradebook/document.hpp"

#include "base/digest.hpp"
#include "tell/gradebook/files.hpp"

namespace tell::gradebook {
namespace {

// As a policy names a style or script: by what stands between the tags.
std::string hash_of(std::string_view code) { return "sha256-" + base::base64(base::sha256_bytes(code)); }

}  // namespace

std::string document(std::string_view title, const Html& body, Script script) {
  static const std::string style_hash = hash_of(gradebook_css), script_hash = hash_of(gradebook_js);
  const bool with_script = script == Script::for_the_class;
  Html page;
  page.add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
  page.add(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src {}; base-uri 'none'; "
      "form-action 'none'\">\n",
      style_hash, with_script ? html("'{}'", script_hash) : html("'none'"));
  page.add(
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
  page.add("<meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}", title,
           Html::of_our_file(gradebook_css), body);
  if (with_script) page.add("<script>{}</script>\n", Html::of_our_file(gradebook_js));
  page.add("</body>\n</html>\n");
  return page.code();
}

}  // namespace tell::gradebook
