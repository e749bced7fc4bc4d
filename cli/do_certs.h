/* do_certs - `moveup cluster certs`: when certificates and the directory end,
 * the next first. */
#ifndef CLI_DO_CERTS_H
#define CLI_DO_CERTS_H

struct call;

int do_certs_show(struct call *call);

#endif
