#!/bin/sh
# Creates the certificates and keys of this folder. They are valid from 2020 to 2120.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cat > "$work/ca.cnf" <<CONFIG
[ca]
default_ca = own
[own]
database = $work/index
new_certs_dir = $work
serial = $work/serial
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
CONFIG
: > "$work/index"
echo 01 > "$work/serial"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2> "$work/log"; }
dates='-startdate 20200101000000Z -enddate 21200101000000Z -notext -batch'

# authority NAME: creates an authority that signs certificates. Its key is not kept.
authority() {
  key "$work/$1.key"
  openssl req -new -key "$work/$1.key" -subj "/CN=TinyLLM specs: $1" -out "$work/$1.csr"
  openssl ca -config "$work/ca.cnf" $dates -extensions authority -selfsign -keyfile "$work/$1.key" -in "$work/$1.csr" -out "$1.pem" 2> "$work/log"
}

# certificate NAME AUTHORITY EXTENSION: creates a key and a certificate that AUTHORITY signs.
certificate() {
  key "$1-key.pem"
  openssl req -new -key "$1-key.pem" -subj "/CN=$1" -addext "$3" -out "$work/$1.csr"
  openssl ca -config "$work/ca.cnf" $dates -cert "$2.pem" -keyfile "$work/$2.key" -in "$work/$1.csr" -out "$1.pem" 2> "$work/log"
}

authority authority
authority stranger-authority
certificate server authority 'subjectAltName = DNS:localhost, IP:127.0.0.1'
certificate renewed-server authority 'subjectAltName = DNS:localhost, IP:127.0.0.1'
certificate client authority 'extendedKeyUsage = clientAuth'
certificate stranger stranger-authority 'extendedKeyUsage = clientAuth'
openssl pkey -in server-key.pem -aes256 -passout pass:specs -out locked-key.pem
