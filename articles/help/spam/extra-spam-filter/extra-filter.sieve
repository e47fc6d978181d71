# Puts very obvious spam into a folder of its own and marks it as read.
#
# The spam filter of {{provider.name}} writes its points into the header
# {{vars.spam-header}}. From {{vars.spam-threshold}} points on, a message goes to {{vars.spam-folder}} anyway;
# this script looks for {{vars.obvious-spam-threshold}} and more. Lower that number to catch more, raise
# it to catch less. Use whole numbers only.

require ["fileinto", "mailbox", "imap4flags", "relational", "comparator-i;ascii-numeric"];

if allof (
    # Points below zero ("-2.1") are good mail. The comparison would take
    # the minus sign for something very large, so look for it first.
    not header :matches "{{vars.spam-header}}" "-*",
    header :value "ge" :comparator "i;ascii-numeric"
        "{{vars.spam-header}}" "{{vars.obvious-spam-threshold}}"
) {
    setflag "\\Seen";
    fileinto :create "{{vars.obvious-spam-folder}}";
    stop;
}
