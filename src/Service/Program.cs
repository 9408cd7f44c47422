return await EventArchive.Service.CommandLine.Run(args);
