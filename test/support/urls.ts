/** The words of a text, which is how most of the URLs below are written. */
const words = (text: TemplateStringsArray) => String.raw(text).trim().split(/\s+/);

const hosts = (text: TemplateStringsArray) => words(text).map((host) => `https://${host}/`);

/** URLs that no request may be sent to, by what is wrong with them. All are refused before DNS is asked. */
export const FORBIDDEN: Record<string, readonly string[]> = {
  'loopback in every notation': hosts`
    127.0.0.1 127.0.0.2 127.1 127.0.1 127.255.255.255 2130706433 2130706434 0x7f000001 0x7F000001 0x7f.1 0x7f.0.0.1
    0x7f.0x0.0x0.0x1 017700000001 0177.1 0177.0.0.1 0177.0.0.01 00177.0.0.1 0177.0x0.0.1 127.0.0.0x1 127.0x1 127.01
    127.0.0.1. 2130706433. 0x7f000001. 127.1. %31%32%37.0.0.1 127%2e0%2e0%2e1 127%2E1 1%327.0.0.1 0x7f.00.00.01`,
  'loopback in other digits and dots': hosts`
    ①②⑦.⓪.⓪.① １２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ⑫7.0.0.1 𝟏𝟐𝟕.𝟎.𝟎.𝟏 𝟙𝟚𝟟.0.0.1 ₁₂₇.₀.₀.₁ ¹²⁷.⁰.⁰.¹ ２１３０７０６４３３
    ０ｘ７ｆ.１ 0Ⅹ7f.1 127.0.0.１ 1２7．1`,
  'this machine by name': hosts`
    localhost LOCALHOST LocalHost localhost. a.localhost a.b.localhost a.localhost. ｌｏｃａｌｈｏｓｔ ⓛⓞⓒⓐⓛⓗⓞⓢⓣ loc%61lhost
    lo\u00adcalhost ˡocalhost`.map((url) => url.replace('\\u00ad', '\u00ad')),
  'unspecified addresses': hosts`
    0.0.0.0 0 0x0 00 0.0 0.1 0.0.0.1 0.255.255.255 0x00.0 0. [::] [0:0:0:0:0:0:0:0] [0::0] [::0.0.0.0]`,
  'private networks': hosts`
    10.0.0.0 10.0.0.1 10.1 10.255.255.255 0xa000001 0x0a.0.0.1 012.0.0.1 167772161 0xA.1 172.16.0.0 172.16.0.1 172.31.255.255
    172.20.10.2 2886729729 0xac.0x10.0.1 0254.020.0.1 192.168.0.0 192.168.0.1 192.168.1.1 192.168.255.255 192.168.257
    3232235521 0xc0a80001 0300.0250.0.1 0xc0.0xa8.1 192.168.1.1. １０.0.0.1 ⑩.⓪.⓪.① 192。168。1。1`,
  'link-local and cloud metadata': hosts`
    169.254.169.254 169.254.0.1 169.254.255.255 169.254.169.254. 169.254.43518 169.16689662 2852039166 0xa9fea9fe
    0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 0xA9FEA9FE ①⑥⑨.②⑤④.①⑥⑨.②⑤④ 169。254。169。254 169.254.170.2 169.254.0.23
    169.254.42.42 100.100.100.200 0x646464c8 1684301000 168.63.129.16 0xa83f8110 192.0.0.192 metadata.google.internal
    METADATA.google.internal metadata.google.internal. metadata.goog metadata metadata. instance-data
    instance-data.ec2.internal metadata.azure.internal metadata.tencentyun.com metadata.platformequinix.com
    [fd00:ec2::254] [fd00:ec2:0:0:0:0:0:254] [FD00:EC2::254] [fd00:ec2::253] [fd00:42::42] [fd20:ce::254] [fe80::1]
    [fe80::a9fe:a9fe] [febf::1]`,
  'shared, reserved, multicast and documentation addresses': hosts`
    100.64.0.1 100.127.255.255 100.64.1 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255
    198.51.100.7 203.0.113.9 224.0.0.1 224.0.0.251 239.255.255.250 240.0.0.1 255.255.255.255 255.255.255.254 4294967295
    0xffffffff 0377.0377.0377.0377 3758096385`,
  'IPv6 that is local': hosts`
    [::1] [0:0:0:0:0:0:0:1] [::0001] [0::1] [0000:0000:0000:0000:0000:0000:0000:0001] [fc00::1] [fd00::1]
    [fd12:3456:789a::1] [fdff:ffff::1] [fec0::1] [ff02::1] [ff05::1:3] [ff0e::1] [100::1] [4000::1] [8000::1] [5f00::1]`,
  'IPv4 within IPv6': hosts`
    [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:127.0.0.1] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:0:0] [::ffff:169.254.169.254]
    [::ffff:a9fe:a9fe] [::ffff:10.0.0.1] [::ffff:192.168.1.1] [::ffff:172.16.0.1] [::ffff:0.0.0.0] [::ffff:8.8.8.8]
    [::127.0.0.1] [::7f00:1] [::10.0.0.1] [::a9fe:a9fe] [::169.254.169.254] [::ffff:0:127.0.0.1] [::ffff:0:7f00:1]
    [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b::10.0.0.1] [64:ff9b:1::7f00:1]
    [2002:7f00:1::] [2002:7f00:1::1] [2002:a9fe:a9fe::] [2002:a00:1::1] [2002:c0a8:101::1]
    [2001::1] [2001:0:7f00:1::] [2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001:0:5ef5:79fb:0:0:80ff:fffe] [2001:10::1]
    [2001:20::1] [2001:1::1] [2001:db8::1] [2001:db8:ffff::7f00:1] [3fff::1] [3fff:fff::1]`,
  'zones and broken addresses': hosts`
    [fe80::1%25eth0] [fe80::1%eth0] [::1%25lo] [::1%lo] [2606:4700::1111%25eth0] [2606:4700::1111%1] [::1 ::1] [:::1]
    [1::2::3] [127.0.0.1] [::ffff:127.0.0.256] [::ffff:127.0.1] [v1.127] 256.0.0.1 127.0.0.256 1.2.3.4.5 0x100000000
    4294967296 1.2.3.0x100 09.0.0.1 127.0.0.1.. 999.1 [2606:4700::1111 2606:4700::1111]`,
  'user names and passwords': words`
    https://user@example.com/ https://user:secret@example.com/ https://:secret@example.com/ https://@example.com/
    https://:@example.com/ https://example.com@127.0.0.1/ https://example.com:443@127.0.0.1/ https://127.0.0.1@example.com/
    https://example.com%2f@127.0.0.1/ https://example.com%23@127.0.0.1/ https://example.com%00@127.0.0.1/
    https://a@b@127.0.0.1/ https://example.com&@127.0.0.1/ https://1.1.1.1&@2.2.2.2/ https://user%40example.com@10.0.0.1/`,
  'what parsers read differently': [
    'https://example.com\\@127.0.0.1/',
    'https://example.com\\.127.0.0.1/',
    'https:\\\\127.0.0.1/',
    'https:/\\127.0.0.1/',
    'https://127.0.0.1\\.example.com/',
    'https://exam\tple.com/',
    'https://example.com\n/',
    'https://example.com/\r\nHost: 127.0.0.1',
    'https://example.com/ HTTP/1.1',
    ' https://example.com/',
    'https://example.com/ ',
    'https://example.com/\0',
    'https://example.com\u3000/',
    'https://example.com/\u0085',
    'https://example.com/\u2028',
    'https://example.com/\ud800',
    'https:example.com',
    'https:/example.com',
    'https:///example.com',
    'https:////127.0.0.1',
    'https://?example.com',
    'https://#example.com',
    'https://',
    'https:',
    '//example.com/',
    '/etc/passwd',
    'example.com',
    'example.com:443',
    '127.0.0.1',
    '',
  ],
  ports: words`
    https://example.com:22/ https://example.com:25/ https://example.com:0/ https://example.com:1/ https://example.com:53/
    https://example.com:110/ https://example.com:2375/ https://example.com:3306/ https://example.com:5432/
    https://example.com:6379/ https://example.com:8000/ https://example.com:8080/ https://example.com:9200/
    https://example.com:11211/ https://example.com:65535/ https://example.com:65536/ https://example.com:-1/
    https://example.com:x/ https://example.com:80:443/ https://example.com:4４３0/ https://example.com:0x50/`,
  schemes: words`
    http://example.com/ HTTP://example.com/ ftp://example.com/ file:///etc/passwd file://example.com/etc/passwd
    gopher://127.0.0.1:6379/_INFO dict://127.0.0.1:11211/stat ldap://127.0.0.1/ ws://example.com/ wss://example.com/
    data:text/plain,hello javascript:alert(1) blob:https://example.com/1 about:blank jar:https://example.com!/
    unix:/var/run/docker.sock unix:///var/run/docker.sock view-source:https://example.com/ tftp://10.0.0.1/x
    ssh://git@example.com/ netdoc:///etc/passwd php://input expect://id mailto:a@example.com httpss://example.com/
    https+unix://%2Fvar%2Frun%2Fdocker.sock/ ://example.com/ h\u0074tps`,
  'hosts that are none': [
    ...hosts`. .. .example.com example..com a.. %00 %0a exa<mple.com exa>mple.com exa^mple.com exa|mple.com [example.com]`,
    `https://${'a'.repeat(64)}.com/`,
    `https://${'a.'.repeat(127)}com/`,
    `https://example.com/${'a'.repeat(2_048)}`,
  ],
};

/** URLs that requests may be sent to, as far as it shows before DNS is asked. */
export const ALLOWED: readonly string[] = words`
  https://example.com https://example.com/ HTTPS://EXAMPLE.COM/ https://example.com. https://example.com:443/
  https://example.com:80/ https://example.com:8443/hooks https://example.com/a/b?c=d&e=f#g https://example.com/?a=b@c
  https://example.com/@user https://example.com/?next=https://127.0.0.1/ https://example.com/#@127.0.0.1
  https://sub.domain.example.co.uk/ https://xn--bcher-kva.example/ https://bücher.example/ https://例え.テスト/
  https://exa_mple.com/ https://a-b.example/ https://localhost.example.com/ https://notlocalhost/
  https://metadata.google.internal.example.com/ https://127.0.0.1.nip.io/ https://10.example.com/
  https://1.1.1.1/ https://8.8.8.8/ https://9.255.255.255/ https://11.0.0.1/ https://172.15.255.255/
  https://172.32.0.1/ https://192.167.255.255/ https://192.169.0.1/ https://100.63.255.255/ https://100.128.0.1/
  https://169.253.255.255/ https://169.255.0.1/ https://198.17.255.255/ https://198.20.0.1/ https://223.255.255.255/
  https://128.0.0.1/ https://126.255.255.255/ https://16843009/ https://0x01010101/ https://1.2.3.0x/ https://168.63.129.15/
  https://[2606:4700:4700::1111]/ https://[2a00:1450:4001:800::200e]/ https://[2001:4860:4860::8888]/
  https://[2001:200::1]/ https://[2003::1]/ https://[2600:1f18::1]:8443/ https://[3ffe::1]/`;
