/** Where the socket is and what it speaks. Rule P10. */
export const SOCKET_PATH = "/v1/socket";
export const SUBPROTOCOL = "damso.v1";
