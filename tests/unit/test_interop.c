/* What we make, openssl's command line accepts, and the other way round: every
 * command of certs/README.md is run on files that Moveup made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/seal.h"
#include "pki.h"

#define CERTS TEST_DATA "/../../certs"
#define LIMIT ((size_t)1024 * 1024)

/* Bytes that a text mode would change. */
static const char CONTENT[] = "one\ntwo\r\n\n\x1a\xff end";

struct place {
    char dir[64];
    struct pki pki;
    struct buf printed; /* by the README's commands */
};

static struct bytes content(void)
{
    return (struct bytes){(const uint8_t *)CONTENT, sizeof CONTENT};
}

static void put(const struct place *at, const char *name, struct bytes src)
{
    SCOPED(mem_freep) char *path = file_path(at->dir, name);

    assert_int_equal(file_write(path, src, FILE_PUBLIC, NULL), 0);
}

static struct buf get(const struct place *at, const char *name)
{
    SCOPED(mem_freep) char *path = file_path(at->dir, name);
    struct buf file = BUF_EMPTY;
    struct err err;

    if (file_read(&file, path, LIMIT, &err) < 0)
        fail_msg("%s", err.text);
    return file;
}

static void put_cert(
    const struct place *at, const char *name, const struct cert *cert)
{
    SCOPED(buf_free) struct buf pem = BUF_EMPTY;

    assert_int_equal(cert_pem(&pem, cert, NULL), 0);
    put(at, name, buf_bytes(&pem));
}

static struct cert *get_cert(const struct place *at, const char *name)
{
    SCOPED(buf_free) struct buf file = get(at, name);
    struct cert *cert = NULL;
    struct err err;

    if (cert_parse_any(&cert, buf_bytes(&file), &err) < 0)
        fail_msg("%s: %s", name, err.text);
    return cert;
}

static void put_signed(const struct place *at, const char *name,
    const struct key *key, const struct cert *cert)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;

    assert_int_equal(seal_sign(&out, NULL, content(), key, cert, NULL), 0);
    put(at, name, buf_bytes(&out));
}

static void put_sealed(const struct place *at, const char *name)
{
    const struct pki *pki = &at->pki;
    SCOPED(buf_free) struct buf inner = BUF_EMPTY;
    SCOPED(buf_free) struct buf out = BUF_EMPTY;

    assert_int_equal(
        seal_sign(&inner, NULL, content(), pki->sign_key, pki->sign, NULL), 0);
    assert_int_equal(
        seal_encrypt(&out, buf_bytes(&inner), pki->encrypt, NULL), 0);
    put(at, name, buf_bytes(&out));
}

/* The files that the README speaks of. */
static void lay_out(const struct place *at)
{
    const struct pki *pki = &at->pki;
    SCOPED(mem_freep) char *key = file_path(at->dir, "encrypt.key");
    SCOPED(buf_free) struct buf cnf = BUF_EMPTY;

    assert_int_equal(file_read(&cnf, CERTS "/profiles.cnf", LIMIT, NULL), 0);
    put(at, "profiles.cnf", buf_bytes(&cnf));
    put(at, "request", content());
    put(at, "batch.pb", content());
    put_cert(at, "authority.crt", pki->authority);
    put_cert(at, "directory.crt", pki->directory);
    put_cert(at, "sign.crt", pki->sign);
    put_cert(at, "encrypt.crt", pki->encrypt);
    assert_int_equal(key_save(pki->encrypt_key, key, NULL, NULL), 0);
    put_signed(at, "directory.cms", pki->directory_key, pki->directory);
    put_signed(at, "receipt.cms", pki->sign_key, pki->sign);
    put_sealed(at, "sealed.cms");
}

/* Run a script there; what it prints goes to `output`.  Yields its exit code.
 */
static int run(const struct place *at, const char *script)
{
    int status = -1;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        if (chdir(at->dir) == 0 && freopen("output", "w", stdout) != NULL &&
            dup2(STDOUT_FILENO, STDERR_FILENO) >= 0)
            execl("/bin/sh", "sh", "-e", script, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void must_run(struct place *at, struct bytes commands)
{
    SCOPED(buf_free) struct buf output = BUF_EMPTY;
    int rc;

    put(at, "script", commands);
    rc = run(at, "script");
    output = get(at, "output");
    if (rc != 0)
        fail_msg("%.*s\n%.*s", (int)commands.len, (const char *)commands.data,
            (int)output.len, (const char *)output.data);
    buf_add(&at->printed, buf_bytes(&output));
}

/* Run each ```sh block of the README; yields how many there were. */
static int run_readme(struct place *at)
{
    static const char OPEN[] = "\n```sh\n";
    SCOPED(buf_free) struct buf page = BUF_EMPTY;
    int blocks = 0;
    char *start;

    assert_int_equal(file_read(&page, CERTS "/README.md", LIMIT, NULL), 0);
    buf_add(&page, (struct bytes){(const uint8_t *)"", 1});
    start = strstr((char *)page.data, OPEN);
    while (start != NULL) {
        char *block = start + sizeof OPEN - 1;
        char *end = strstr(block, "```\n");

        assert_non_null(end);
        must_run(
            at, (struct bytes){(const uint8_t *)block, (size_t)(end - block)});
        blocks++;
        start = strstr(end, OPEN);
    }
    return blocks;
}

static void assert_file_is_content(const struct place *at, const char *name)
{
    SCOPED(buf_free) struct buf file = get(at, name);

    assert_int_equal(file.len, sizeof CONTENT);
    assert_memory_equal(file.data, CONTENT, sizeof CONTENT);
}

static void test_openssl_reads_what_we_make(void **state)
{
    struct place *at = *state;

    assert_true(run_readme(at) >= 10);
    assert_file_is_content(at, "directory.pb");
    assert_file_is_content(at, "receipt.pb");
    assert_file_is_content(at, "batch.pb");
}

static void test_openssl_made_certificates_meet_our_profiles(void **state)
{
    static const struct {
        const char *file;
        enum cert_profile profile;
    } cases[] = {
        {"own-authority.crt", CERT_AUTHORITY},
        {"own-directory.crt", CERT_DIRECTORY},
        {"own-sign.crt", CERT_SIGN},
        {"own-encrypt.crt", CERT_ENCRYPT},
        {"own-hub.crt", CERT_HUB},
    };
    const struct place *at = *state;
    SCOPED(cert_freep)
    struct cert *authority = get_cert(at, "own-authority.crt");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(cert_freep) struct cert *cert = get_cert(at, cases[i].file);
        struct err err;

        if (cert_check(cert, authority, cases[i].profile, &err) < 0)
            fail_msg("%s: %s", cases[i].file, err.text);
    }
}

static void test_we_open_what_openssl_sealed(void **state)
{
    const struct place *at = *state;
    SCOPED(mem_freep) char *path = file_path(at->dir, "own-encrypt.key");
    SCOPED(cert_freep) struct cert *encrypt = get_cert(at, "own-encrypt.crt");
    SCOPED(cert_freep) struct cert *sign = get_cert(at, "own-sign.crt");
    SCOPED(buf_free) struct buf sealed = get(at, "own-sealed.cms");
    SCOPED(buf_free) struct buf inner = BUF_EMPTY;
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    SCOPED(key_freep) struct key *key = NULL;
    struct err err;

    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(key_load(&key, path, NULL, NULL), 0);
    if (seal_decrypt(&inner, buf_bytes(&sealed), key, encrypt, &err) < 0 ||
        seal_verify(&out, NULL, buf_bytes(&inner), sign, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(out.len, sizeof CONTENT);
    assert_memory_equal(out.data, CONTENT, sizeof CONTENT);
}

static void test_readme_prints_our_fingerprint(void **state)
{
    const struct place *at = *state;
    char text[HASH_FINGERPRINT_SIZE];
    struct digest digest;

    hash_sha256(&digest, content());
    hash_fingerprint(text, &digest);
    assert_non_null(memmem(
        at->printed.data, at->printed.len, text, HASH_FINGERPRINT_SIZE - 1));
}

static void test_openssl_refuses_an_altered_receipt(void **state)
{
    const struct place *at = *state;
    SCOPED(buf_free) struct buf receipt = get(at, "receipt.cms");

    receipt.data[70] ^= 1; /* in the content */
    put(at, "altered.cms", buf_bytes(&receipt));
    put(at, "script",
        bytes_of("openssl cms -verify -binary -inform DER -in altered.cms "
                 "-CAfile authority.crt -certfile sign.crt -purpose any\n"));
    assert_int_not_equal(run(at, "script"), 0);
}

static int remove_one(
    const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static int set_up(void **state)
{
    struct place *at = mem_alloc(sizeof *at);

    memcpy(at->dir, "/tmp/moveup-interop-XXXXXX", 27);
    assert_non_null(mkdtemp(at->dir));
    pki_make(&at->pki);
    lay_out(at);
    *state = at;
    return 0;
}

static int tear_down(void **state)
{
    struct place *at = *state;

    nftw(at->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    pki_free(&at->pki);
    buf_free(&at->printed);
    free(at);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_openssl_reads_what_we_make),
        cmocka_unit_test(test_openssl_made_certificates_meet_our_profiles),
        cmocka_unit_test(test_we_open_what_openssl_sealed),
        cmocka_unit_test(test_readme_prints_our_fingerprint),
        cmocka_unit_test(test_openssl_refuses_an_altered_receipt),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
