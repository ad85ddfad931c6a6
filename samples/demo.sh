#!/bin/sh
# The main job from one end to the other, as commands: `make demo` runs it. What it writes goes to build/demo,
# or to the folder that is given.
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/demo}
mkdir -p "$out"

say() { printf '\n%s\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }
refused() {
    printf '$ %s\n' "$*"
    status=0
    "$@" 2>&1 || status=$?
    [ "$status" -eq 1 ] || { echo "Exit status $status, not 1." >&2; exit 1; }
}

say "1. An invoice described in JSON, without its totals: they are computed, and the result is written in both syntaxes."
run billingua build samples/invoice.json --totals --to ubl -o "$out/invoice.ubl.xml"
run billingua build samples/invoice.json --totals --to cii -o "$out/invoice.cii.xml"

say "2. Both are valid under the schema and every EN 16931 rule."
run billingua validate "$out/invoice.ubl.xml" "$out/invoice.cii.xml"

say "3. What the invoice says."
run billingua show "$out/invoice.cii.xml" | sed -n '1,20p'
echo "..."

say "4. UBL becomes CII: the same bytes as written from JSON, and nothing is lost."
run billingua convert "$out/invoice.ubl.xml" --to cii -o "$out/converted.cii.xml"
run cmp "$out/invoice.cii.xml" "$out/converted.cii.xml"
echo "They are the same."

say "5. A broken invoice: what is wrong, where, the figures, and how to mend it."
refused billingua validate samples/broken-total.ubl.xml
run billingua rules BR-CO-15

say "6. A description that would make an invalid invoice is refused."
refused billingua build samples/broken-invoice.json --totals --to ubl -o "$out/refused.xml"

say "7. A sale in Poland becomes an FA(3) that KSeF would take, and goes back; what has no place there is named."
run billingua convert samples/poland.ubl.xml --to fa3 -o "$out/poland.fa3.xml" 2>&1
run billingua validate "$out/poland.fa3.xml"
run billingua convert "$out/poland.fa3.xml" --to ubl -o "$out/poland.ubl.xml" 2>&1
run billingua validate "$out/poland.ubl.xml"

say "8. Issued offline: the deadline, the hash of the exact bytes, and both codes for the printed invoice."
run billingua ksef deadline "$out/poland.fa3.xml" --mode offline24
run billingua ksef hash "$out/poland.fa3.xml"
run billingua ksef qr "$out/poland.fa3.xml" -o "$out/code-1.png"
run billingua ksef qr "$out/poland.fa3.xml" --key samples/ksef-offline.key --cert samples/ksef-offline.pem -o "$out/code-2.png"

say "9. A plain PDF and the invoice become a Factur-X: PDF/A-3 with the XML inside, checked, signed, and read back."
run billingua build samples/invoice.json --totals --to facturx --pdf samples/plain.pdf -o "$out/invoice.pdf"
run billingua validate "$out/invoice.pdf"
run billingua pdf sign "$out/invoice.pdf" --key samples/ksef-offline.key --cert samples/ksef-offline.pem -o "$out/signed.pdf"
run billingua pdf verify "$out/signed.pdf" --root samples/ksef-offline.pem
run billingua pdf extract "$out/signed.pdf" -o "$out/files"

say "10. Documents go out through an outbox, here into a folder: each once, whatever crashes or is asked for again."
run billingua send "$out/invoice.ubl.xml" "$out/invoice.pdf" --to "folder:$out/pickup" --outbox "$out/outbox.db"
run billingua send "$out/invoice.ubl.xml" --to "folder:$out/pickup" --outbox "$out/outbox.db"

say "11. All XML samples in one go, in two processes."
echo "\$ billingua validate --jobs 2 samples/*.xml | tail -n 1"
{ billingua validate --jobs 2 samples/*.xml || [ $? -eq 1 ]; } | tail -n 1

say "Done. The files are in $out."
